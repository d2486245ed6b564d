"use client";
import { canUseWASM, parsePatchFiles } from "@pierre/diffs";
import { FileDiff, Virtualizer, WorkerPoolContextProvider } from "@pierre/diffs/react";
import { useTheme } from "next-themes";
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { PlainDiff } from "./plain-diff";

const theme = { light: "pierre-light", dark: "pierre-dark" } as const;
const pool = { poolSize: 1, workerFactory: startWorker };
const watchers = new Set<() => void>();
let hasWorkerFailed = false;

/** A patch of any size: only what is seen exists in the page, and workers colour the code. */
export function DiffViewer({ patch }: { patch: string }) {
  const { resolvedTheme } = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const hasFailed = useSyncExternalStore(watchWorker, () => hasWorkerFailed);
  const files = useMemo(() => parsePatchFiles(patch).flatMap((part) => part.files), [patch]);

  // The Virtualizer takes no attributes for the element that scrolls.
  useEffect(() => {
    const scroller = box.current?.firstElementChild;
    if (!(scroller instanceof HTMLElement)) return;
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "region");
    scroller.setAttribute("aria-label", "Diff");
  }, []);

  if (hasFailed) return <PlainDiff patch={patch} />;
  return (
    <WorkerPoolContextProvider
      poolOptions={pool}
      highlighterOptions={{
        theme,
        preferredHighlighter: canUseWASM() ? "highlights" : "shiki-js",
      }}
    >
      <div ref={box} className="flex min-h-0 flex-1 flex-col">
        <Virtualizer className="min-h-0 flex-1 overflow-auto">
          {files.map((file) => (
            <FileDiff
              key={`${file.prevName ?? ""}→${file.name}`}
              fileDiff={file}
              options={{
                theme,
                themeType: resolvedTheme === "dark" ? "dark" : "light",
                diffStyle: "unified",
                overflow: "wrap",
              }}
            />
          ))}
        </Virtualizer>
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
