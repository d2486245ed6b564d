"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { Dialog } from "@/components/ui/dialog";
import type { RunView } from "@/server/domain/run-view";
import { listPoints, type SnapshotPoint } from "./list-points";
import { RestoreForm } from "./restore-form";
import { RestoreResult } from "./restore-result";
import { useRestore } from "./use-restore";

/** A run's work at any of its points, as a new workspace, a branch or a patch file. */
export function RestoreDialog({
  run,
  snapshots,
  chosen,
  onClose,
}: {
  run: RunView;
  snapshots: SnapshotPoint[];
  chosen: string | null;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const commits = useQuery(trpc.runs.commits.queryOptions({ id: run.id, limit: 200 }));
  const restore = useRestore(run.id);
  return (
    <Dialog title={`Restore the work of #${run.number}`} isOpen onClose={onClose} width="max-w-xl">
      {restore.made ? (
        <RestoreResult restore={restore.made} onClose={onClose} />
      ) : (
        <RestoreForm
          points={listPoints(run, snapshots, commits.data?.items ?? [])}
          chosen={chosen}
          restore={restore}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
