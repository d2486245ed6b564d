import { readError } from "@/components/live/read-error";

const watchers = new Set<() => void>();
let isWanted = false;

/** Tells the result of an action. */
export const notify = {
  async success(message: string) {
    const { toast } = await openToasts();
    toast.success(message);
  },
  async failure(error: unknown) {
    const { message, hint } = readError(error);
    const { toast } = await openToasts();
    toast.error(message, { description: hint, duration: 10_000 });
  },
};

export function areToastsWanted(): boolean {
  return isWanted;
}

export function watchToasts(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
  };
}

/** Toasts that are asked for before their place is drawn are shown when it is. */
function openToasts() {
  isWanted = true;
  for (const watcher of watchers) watcher();
  return import("sonner");
}
