"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { useRunWakes } from "@/components/live/live-provider";
import type { OutputTrim } from "@/server/domain/output-trim";
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
const farBytes = 4 * rangeBytes;

export interface OutputView {
  window: OutputWindow;
  total: number;
  /** What retention removed of this output. */
  trim: OutputTrim | null;
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
export function useOutput(
  runId: string,
  attempt: number | null,
  { knownBytes, follows }: { knownBytes: number; follows: boolean },
) {
  const { view, now, change, fail, finish } = useView();
  const read = useReadQueue(finish, fail);
  const known = useRef(knownBytes);

  const open = useCallback(
    async (from: number, openedAt: "start" | "end") => {
      const to = from + rangeBytes;
      const { bytes, total, trim, ...piece } = await fetchRange(runId, { from, to, attempt });
      const window = openWindow(piece.from, bytes, piece.from === trim?.to);
      const opening = now.current.opening + 1;
      change({ window, total, trim, opening, openedAt });
    },
    [runId, attempt, change, now],
  );
  const openAt = useCallback(
    (from: number, openedAt: "start" | "end") => read(true, () => open(from, openedAt)),
    [read, open],
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
        const floor = findFloor(now.current.trim, to);
        if (to <= floor) return;
        const from = Math.max(floor, to - rangeBytes);
        const { bytes, total } = await fetchRange(runId, { from, to, attempt });
        change({ window: extendUp(now.current.window, from, bytes), total });
      }),
    [runId, attempt, read, change, now],
  );

  const extend = useCallback(async () => {
    const from = windowTo(now.current.window);
    if (from === now.current.trim?.from) return false;
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

  const grow = useGrowth({ read, extend, open, now, follows });
  useRunWakes(runId, grow);
  useEffect(() => {
    known.current = knownBytes;
    if (now.current.isLoaded && knownBytes > now.current.total) void grow();
  }, [knownBytes, grow, now]);

  return { view, openAt, openEnd, readUp, readDown };
}

/**
 * More was written: a window that stood at the end reads on until it stands there again. When that
 * is far, a reader who follows the end is taken there, and another one is left in peace.
 */
function useGrowth({
  read,
  extend,
  open,
  now,
  follows,
}: {
  read: ReturnType<typeof useReadQueue>;
  extend: () => Promise<boolean>;
  open: (from: number, openedAt: "end") => Promise<void>;
  now: { current: OutputView };
  follows: boolean;
}) {
  const isQueued = useRef(false);
  const isFollowed = useRef(follows);
  useEffect(() => {
    isFollowed.current = follows;
  }, [follows]);
  return useCallback(async () => {
    if (isQueued.current) return;
    isQueued.current = true;
    await read(true, async () => {
      isQueued.current = false;
      let isMore = windowTo(now.current.window) >= now.current.total || isFollowed.current;
      while (isMore) {
        isMore = await extend();
        const { window, total } = now.current;
        if (!isMore || total - windowTo(window) < farBytes) continue;
        if (!isFollowed.current) return;
        await open(total - rangeBytes, "end");
        isMore = windowTo(now.current.window) < now.current.total;
      }
    });
  }, [read, extend, open, now]);
}

/** How far up can be read from here: to the output's beginning, or to the end of what was removed. */
function findFloor(trim: OutputTrim | null, to: number): number {
  return trim && to >= trim.to ? trim.to : 0;
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
  trim: null,
  opening: 0,
  openedAt: "end",
  error: null,
  isLoaded: false,
};
