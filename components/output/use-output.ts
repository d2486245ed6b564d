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
import { useReadQueue } from "./use-read-queue";

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
  const { view, now, change, fail, finish } = useView();
  const read = useReadQueue(finish, fail);
  const known = useRef(knownBytes);

  const openAt = useCallback(
    (from: number, openedAt: "start" | "end") =>
      read(true, async () => {
        const { bytes, total } = await fetchRange(runId, { from, to: from + rangeBytes, attempt });
        const opening = now.current.opening + 1;
        change({ window: openWindow(from, bytes), total, opening, openedAt });
      }),
    [runId, attempt, read, change, now],
  );

  const openEnd = useCallback(async () => {
    await openAt(Math.max(0, Math.max(now.current.total, known.current) - rangeBytes), "end");
    const { window, total } = now.current;
    if (windowTo(window) < total) await openAt(Math.max(0, total - rangeBytes), "end");
  }, [openAt, now]);

  const readUp = useCallback(
    () =>
      read(false, async () => {
        const to = windowFrom(now.current.window);
        if (to === 0) return;
        const from = Math.max(0, to - rangeBytes);
        const { bytes, total } = await fetchRange(runId, { from, to, attempt });
        change({ window: extendUp(now.current.window, from, bytes), total });
      }),
    [runId, attempt, read, change, now],
  );

  const extend = useCallback(async () => {
    const from = windowTo(now.current.window);
    const { bytes, total } = await fetchRange(runId, { from, to: from + rangeBytes, attempt });
    if (bytes.length > 0) change({ window: extendDown(now.current.window, bytes), total });
    else if (total !== now.current.total) change({ total });
    return bytes.length > 0 && windowTo(now.current.window) < total;
  }, [runId, attempt, change, now]);
  const readDown = useCallback(
    () =>
      read(false, async () => {
        await extend();
      }),
    [read, extend],
  );

  useEffect(() => {
    change({ ...unopened, opening: now.current.opening });
    void openEnd();
  }, [openEnd, change, now]);

  const grow = useGrowth(read, extend, now);
  useRunWakes(runId, grow);
  useEffect(() => {
    known.current = knownBytes;
    if (now.current.isLoaded && knownBytes > now.current.total) void grow();
  }, [knownBytes, grow, now]);

  return { view, openAt, openEnd, readUp, readDown };
}

/** More was written: a window that stood at the end reads on until it stands there again. */
function useGrowth(
  read: ReturnType<typeof useReadQueue>,
  extend: () => Promise<boolean>,
  now: { current: OutputView },
) {
  const isQueued = useRef(false);
  return useCallback(async () => {
    if (isQueued.current) return;
    isQueued.current = true;
    await read(true, async () => {
      isQueued.current = false;
      const { window, total } = now.current;
      let isMore = windowTo(window) >= total;
      while (isMore) isMore = await extend();
    });
  }, [read, extend, now]);
}

/** What is shown, and the newest of it for those who go on from there. */
function useView() {
  const [view, setView] = useState<OutputView>(unopened);
  const now = useRef(view);
  const change = useCallback((next: Partial<OutputView>) => {
    now.current = { ...now.current, ...next };
    setView(now.current);
  }, []);
  const fail = useCallback((error: unknown) => change({ error }), [change]);
  const finish = useCallback(() => change({ error: null, isLoaded: true }), [change]);
  return { view, now, change, fail, finish };
}

const unopened: OutputView = {
  window: emptyWindow,
  total: 0,
  opening: 0,
  openedAt: "end",
  error: null,
  isLoaded: false,
};
