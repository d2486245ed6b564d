"use client";
import { type KeyboardEvent, type RefObject, useRef } from "react";

/** Goes from one entry to the next of a kind, and around at the end. */
export function useJumps(
  box: RefObject<HTMLElement | null>,
  targets: Record<"errors" | "edits", number[]>,
) {
  const last = useRef(0);
  const jump = (what: "errors" | "edits") => {
    const next = findNext(targets[what], last.current);
    if (next === null) return;
    last.current = next;
    const line = box.current?.querySelector<HTMLElement>(`#e${next}`);
    line?.scrollIntoView({ block: "center" });
    line?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if ((event.target as HTMLElement).closest("input, textarea, select")) return;
    if (event.key === "f") jump("errors");
    else if (event.key === "e") jump("edits");
  };
  return { jump, onKeyDown };
}

/** The first number after `last`, else the first of all; null when there is none. */
export function findNext(numbers: number[], last: number): number | null {
  return numbers.find((number) => number > last) ?? numbers[0] ?? null;
}
