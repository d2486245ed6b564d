import { randomUUID } from "node:crypto";

/** A name for the half-made form of `file`, in the same folder; no two launchers get the same. */
export function nameBeside(file: string): string {
  return `${file}.${randomUUID().slice(0, 8)}`;
}
