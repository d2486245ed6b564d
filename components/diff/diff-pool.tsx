"use client";
import { canUseWASM } from "@pierre/diffs";
import { Virtualizer, WorkerPoolContextProvider } from "@pierre/diffs/react";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { diffStyle, theme } from "./viewer-theme";

const pool = { poolSize: 1, workerFactory: startWorker };
const watchers = new Set<() => void>();
let hasWorkerFailed = false;

/** What scrolls a diff of any size: only what is seen exists in the page, and workers colour the code. */
export function DiffPool({
  hasWords = true,
  fallback,
  children,
}: {
  hasWords?: boolean;
  /** Shown where the workers cannot start. */
  fallback: ReactNode;
  children: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const hasFailed = useSyncExternalStore(watchWorker, () => hasWorkerFailed);

  // The Virtualizer takes no attributes for the element that scrolls.
  useEffect(() => {
    const scroller = box.current?.firstElementChild;
    if (!(scroller instanceof HTMLElement)) return;
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "region");
    scroller.setAttribute("aria-label", "Diff");
    scroller.setAttribute("data-diff-scroller", "");
  }, []);

  if (hasFailed) return fallback;
  return (
    <WorkerPoolContextProvider
      poolOptions={pool}
      highlighterOptions={{
        theme,
        lineDiffType: hasWords ? "word-alt" : "none",
        preferredHighlighter: canUseWASM() ? "highlights" : "shiki-js",
      }}
    >
      <div ref={box} style={diffStyle} className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Virtualizer className="relative min-h-0 flex-1 overflow-auto">{children}</Virtualizer>
      </div>
    </WorkerPoolContextProvider>
  );
}

function startWorker(): Worker {
  const url = new URL("@pierre/diffs/worker/worker.js", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  worker.addEventListener("error", () => {
    hasWorkerFailed = true;
    for (const watcher of watchers) watcher();
  });
  return worker;
}

function watchWorker(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
  };
}
