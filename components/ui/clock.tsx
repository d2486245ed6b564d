"use client";
import { createContext, type ReactNode, use, useSyncExternalStore } from "react";

const RenderedAt = createContext(0);

/** Gives the pages the moment of the server's render, so that server and browser agree at first. */
export function ClockProvider({
  renderedAtMs,
  children,
}: {
  renderedAtMs: number;
  children: ReactNode;
}) {
  return <RenderedAt value={renderedAtMs}>{children}</RenderedAt>;
}

const watchers = new Set<() => void>();
let nowMs = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The time in milliseconds, anew each second; one timer for the whole page. */
export function useNow(): number {
  const renderedAtMs = use(RenderedAt);
  return useSyncExternalStore(
    watch,
    () => nowMs || renderedAtMs,
    () => renderedAtMs,
  );
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(tick, 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    nowMs = 0;
  };
}

function tick() {
  nowMs = Date.now();
  for (const watcher of watchers) watcher();
}
