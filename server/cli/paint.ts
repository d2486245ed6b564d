import type { RunStatus } from "@/server/domain/run-status";

export type Paint = (style: Style, text: string) => string;

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 } as const;
export type Style = keyof typeof codes;

/** Colours where a person reads, plain text elsewhere. */
export function paintFor({ hasColours }: { hasColours: boolean }): Paint {
  return hasColours
    ? (style, text) => `\u001b[${codes[style]}m${text}\u001b[0m`
    : (_, text) => text;
}

export const statusStyles = {
  queued: "dim",
  preparing: "blue",
  running: "blue",
  waiting: "yellow",
  finishing: "blue",
  succeeded: "green",
  failed: "red",
  cancelled: "dim",
} as const satisfies Record<RunStatus, Style>;
