"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { useRunWakes } from "@/components/live/live-provider";
import { fetchRange } from "./fetch-range";
import {
  emptyWindow,
  extendDown,
  extendUp,
  type OutputWindow,
  openWindow,
  windowFrom,
  windowTo,
} from "./output-window";

const rangeBytes = 256 * 1024;

export interface OutputView {
  window: OutputWindow;
  total: number;
  /** Rises when the window was opened anew elsewhere, and where in it the reader should be put. */
  opening: number;
  openedAt: "start" | "end";
  error: unknown;
  isLoaded: boolean;
}

/**
 * The part of an output that is looked at. The end is read first; what lies before and behind
 * follows by ranges, so that 100 MB open as fast as 100 lines.
 */
export function useOutput(runId: string, attempt: number | null, knownBytes: number) {
  const [view, setView] = useState<OutputView>(() => unopened(0));
  const now = useRef(view);
  const reading = useRef(Promise.resolve());
  const isBusy = useRef(false);
  const known = useRef(knownBytes);

  const change = useCallback((next: Partial<OutputView>) => {
    now.current = { ...now.current, ...next };
    setView(now.current);
  }, []);

  /** One read at a time. What only extends the window is skipped then: the next scroll asks again. */
  const read = useCallback(
    (isOpening: boolean, work: () => Promise<void>) => {
      if (isBusy.current && !isOpening) return reading.current;
      isBusy.current = true;
      reading.current = reading.current.then(work).then(
        () => change({ error: null, isLoaded: true }),
        (error: unknown) => change({ error }),
      );
      const own = reading.current;
      void own.then(() => {
        if (reading.current === own) isBusy.current = false;
      });
      return own;
    },
    [change],
  );

  const openAt = useCallback(
    (from: number, openedAt: "start" | "end") =>
      read(true, async () => {
        const { bytes, total } = await fetchRange(runId, { from, to: from + rangeBytes, attempt });
        const opening = now.current.opening + 1;
        change({ window: openWindow(from, bytes), total, opening, openedAt });
      }),
    [runId, attempt, read, change],
  );

  const openEnd = useCallback(async () => {
    await openAt(Math.max(0, Math.max(now.current.total, known.current) - rangeBytes), "end");
    const { window, total } = now.current;
    if (windowTo(window) < total) await openAt(Math.max(0, total - rangeBytes), "end");
  }, [openAt]);

  const readUp = useCallback(
    () =>
      read(false, async () => {
        const to = windowFrom(now.current.window);
        if (to === 0) return;
        const from = Math.max(0, to - rangeBytes);
        const { bytes, total } = await fetchRange(runId, { from, to, attempt });
        change({ window: extendUp(now.current.window, from, bytes), total });
      }),
    [runId, attempt, read, change],
  );

  const readDown = useCallback(
    () =>
      read(false, async () => {
        const from = windowTo(now.current.window);
        const { bytes, total } = await fetchRange(runId, { from, to: from + rangeBytes, attempt });
        if (bytes.length > 0) change({ window: extendDown(now.current.window, bytes), total });
        else if (total !== now.current.total) change({ total });
      }),
    [runId, attempt, read, change],
  );

  useEffect(() => {
    now.current = unopened(now.current.opening);
    void openEnd();
  }, [openEnd]);

  /** More was written. Only a window that stood at the end goes on reading. */
  const grow = useCallback(async () => {
    const stoodAtEnd = windowTo(now.current.window) >= now.current.total;
    if (stoodAtEnd) await readDown();
  }, [readDown]);
  useRunWakes(runId, grow);
  useEffect(() => {
    known.current = knownBytes;
    if (now.current.isLoaded && knownBytes > now.current.total) void grow();
  }, [knownBytes, grow]);

  return { view, openAt, openEnd, readUp, readDown };
}

function unopened(opening: number): OutputView {
  return {
    window: emptyWindow,
    total: 0,
    opening,
    openedAt: "end",
    error: null,
    isLoaded: false,
  };
}
