"use client";
import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import type { RunView } from "@/server/domain/run-view";

const RestoreDialog = lazy(() =>
  import("./restore-dialog").then((module) => ({ default: module.RestoreDialog })),
);

/** The way back to a run's work, above its commits; there is none before work was recorded. */
export function RestoreBar({ run, chosen }: { run: RunView; chosen: string | null }) {
  const trpc = useTRPC();
  const { mayOperate } = useMember();
  const [isOpen, setIsOpen] = useState(false);
  const snapshots = useQuery(
    trpc.runs.snapshots.queryOptions({ id: run.id }, { enabled: mayOperate }),
  );
  const kept = snapshots.data?.items ?? [];
  if (!mayOperate || (run.workspace.headCommit === null && kept.length === 0)) return null;
  return (
    <div className="flex h-9 shrink-0 items-center justify-between gap-3 border-b px-4">
      <span className="truncate text-xs text-quiet">
        {kept.length === 0 && "Nothing was left uncommitted."}
        {kept.length === 1 && "One snapshot of uncommitted files."}
        {kept.length > 1 && `${kept.length} snapshots of uncommitted files.`}
      </span>
      <Button size="small" onClick={() => setIsOpen(true)}>
        <History aria-hidden className="size-3.5" />
        Restore…
      </Button>
      {isOpen && (
        <Suspense>
          <RestoreDialog
            run={run}
            snapshots={kept}
            chosen={chosen}
            onClose={() => setIsOpen(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
