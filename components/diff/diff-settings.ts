"use client";
import { useStored } from "./use-stored";

/** How a person likes to read a diff. */
export interface DiffSettings {
  isSplit: boolean;
  isSpaceIgnored: boolean;
  /** Marks the changed words inside changed lines. */
  hasWords: boolean;
  isTreeShown: boolean;
}

const standard: DiffSettings = {
  isSplit: false,
  isSpaceIgnored: false,
  hasWords: true,
  isTreeShown: true,
};

export function useDiffSettings() {
  const [settings, change] = useStored("coppice.diff", standard);
  const set = (part: Partial<DiffSettings>) => change((before) => ({ ...before, ...part }));
  return [settings, set] as const;
}
