/** How well a process is kept from the rest of the host, best first. */
export const isolations = ["bubblewrap", "pid-namespace", "none"] as const;
export type Isolation = (typeof isolations)[number];

/** What a confined command may reach. Paths are absolute; later read-only entries win. */
export interface Access {
  readWrite: string[];
  readOnly: string[];
  network: boolean;
  /** The whole host stays visible and writable; only the pid namespace is new. */
  isWholeHostVisible?: boolean;
}

/** Wraps a command so that it runs confined; where nothing can confine, it gives it back as it is. */
export type Confine = (argv: string[], access: Access) => string[];
