"use client";
import dynamic from "next/dynamic";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { ReviewBar } from "@/components/reviews/review-bar";
import { useReview } from "@/components/reviews/use-review";
import { useMember } from "@/components/shell/member";
import { Dialog } from "@/components/ui/dialog";
import { loadAgain } from "@/components/ui/load-again";
import { Skeleton } from "@/components/ui/skeleton";
import type { FileChange, RunDiff } from "@/server/domain/diff";
import type { ReviewComment } from "@/server/domain/review";
import { buildFileTree, filterChanges, listTreeFiles } from "./build-file-tree";
import { ChangesToolbar } from "./changes-toolbar";
import { DiffBoundary } from "./diff-boundary";
import type { DiffSettings } from "./diff-settings";
import type { DiffEnds } from "./file-block";
import { FileTree } from "./file-tree";
import { type DiffFile, matchFiles } from "./match-files";
import { PlainDiff } from "./plain-diff";
import { scrollToComment, scrollToFile } from "./reading-place";
import { useViewed } from "./use-viewed";

const DiffFiles = dynamic(
  () => loadAgain(() => import("./diff-files")).then((module) => module.DiffFiles),
  { ssr: false, loading: () => <Skeleton className="m-4 h-64 flex-1" /> },
);

/** A diff with its files beside it, the marks of what was viewed, and the review below. */
export function ChangesView({
  runId,
  diff,
  ends,
  settings,
  onSettings,
  children,
}: {
  runId: string;
  diff: RunDiff;
  ends: DiffEnds;
  settings: DiffSettings;
  onSettings: (part: Partial<DiffSettings>) => void;
  /** Stands in the toolbar. */
  children: ReactNode;
}) {
  const { mayOperate } = useMember();
  const review = useReview(runId);
  const viewed = useViewed(runId);
  const [filter, setFilter] = useState("");
  const [isListOpen, setIsListOpen] = useState(false);
  const { opened, setOpen, onViewed } = useOpened(viewed.mark);
  const { tree, files } = useFiles(diff, filter);
  const list = (
    <FileTree
      {...{ tree, filter }}
      onFilter={setFilter}
      isViewed={viewed.isViewed}
      onOpen={({ path }) => {
        setIsListOpen(false);
        requestAnimationFrame(() => scrollToFile(path, true));
      }}
    />
  );
  const jump = ({ path, id }: ReviewComment) => {
    setOpen(path, true);
    requestAnimationFrame(() => scrollToComment(path, id));
  };
  return (
    <>
      <ChangesToolbar
        {...{ diff, settings, onSettings }}
        viewed={diff.changes.filter(viewed.isViewed).length}
        onFiles={() => setIsListOpen(true)}
      >
        {children}
      </ChangesToolbar>
      <div className="flex min-h-0 min-w-0 flex-1">
        {settings.isTreeShown && (
          <nav aria-label="Files" className="flex w-64 shrink-0 flex-col border-r max-lg:hidden">
            {list}
          </nav>
        )}
        <DiffBoundary key={diff.patch.length} fallback={<PlainDiff patch={diff.patch} />}>
          <DiffFiles
            {...{ files, ends, settings, review, opened, onViewed }}
            from={diff.from ?? ""}
            to={diff.to ?? ""}
            mayComment={mayOperate && diff.to !== null}
            onOpen={setOpen}
            isViewed={viewed.isViewed}
          />
        </DiffBoundary>
      </div>
      <ReviewBar {...{ runId, review }} onJump={jump} />
      <Dialog title="Files" isOpen={isListOpen} onClose={() => setIsListOpen(false)}>
        <div className="-m-4 flex max-h-[70dvh] flex-col">{list}</div>
      </Dialog>
    </>
  );
}

/** The files that match the filter as a tree, and in the tree's order one under the other. */
function useFiles(diff: RunDiff, filter: string) {
  const all = useMemo(() => matchFiles(diff), [diff]);
  return useMemo(() => {
    const tree = buildFileTree(filterChanges(diff.changes, filter));
    const byChange = new Map(all.map((file) => [file.change, file]));
    const files = listTreeFiles(tree).flatMap((change): DiffFile[] => {
      const file = byChange.get(change);
      return file ? [file] : [];
    });
    return { tree, files };
  }, [all, diff.changes, filter]);
}

/** The files that a person opened or closed; one that was marked is again as its mark says. */
function useOpened(mark: (change: FileChange, isViewed: boolean) => void) {
  const [opened, setOpened] = useState<Record<string, boolean>>({});
  const setOpen = useCallback(
    (path: string, isOpen: boolean) => setOpened((before) => ({ ...before, [path]: isOpen })),
    [],
  );
  const onViewed = useCallback(
    (change: FileChange, isNow: boolean) => {
      mark(change, isNow);
      setOpened(({ [change.path]: _, ...others }) => others);
    },
    [mark],
  );
  return { opened, setOpen, onViewed };
}
