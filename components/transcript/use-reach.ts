"use client";
import { type RefObject, useEffect } from "react";
import { groupEntries, holdsEntry } from "./group-entries";
import type { useTranscript } from "./use-transcript";

/** Beyond this many entries the way back to a linked one is left to the reader. */
const maxWayBack = 5_000;
const before = 20;

/** Brings the entry that the address names into view; reads back to it when it is not loaded. */
export function useReach(
  target: number | null,
  { entries, first, readBack }: ReturnType<typeof useTranscript>,
  box: RefObject<HTMLElement | null>,
) {
  const isLoaded = entries !== null;
  const isMissing = isLoaded && target !== null && target < first;
  const isTooFar = isMissing && first - target > maxWayBack;
  useEffect(() => {
    if (isMissing && !isTooFar) void readBack(target - before);
  }, [isMissing, isTooFar, target, readBack]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is reached again only when it is another
  useEffect(() => {
    if (!isLoaded || target === null || isMissing) return;
    const holder = groupEntries(entries).find((node) => holdsEntry(node, target));
    const line =
      box.current?.querySelector(`#e${target}`) ??
      box.current?.querySelector(`#e${holder?.view.seq}`);
    line?.scrollIntoView({ block: "center" });
  }, [isLoaded, isMissing, target]);
  return { isTooFar, read: () => void readBack((target ?? 1) - before) };
}
