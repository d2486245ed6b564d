"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { formatBytes } from "@/components/ui/format-number";
import { RelativeTime } from "@/components/ui/relative-time";
import type { CleanupView } from "@/server/domain/cleanup";

/** How far a cleanup is, and what can be done with it. */
export function CleanupSummary({ cleanup }: { cleanup: CleanupView }) {
  const { isAdmin } = useMember();
  const [isAsking, setIsAsking] = useState(false);
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refresh = () => {
    setIsAsking(false);
    void queryClient.invalidateQueries({ queryKey: trpc.cleanup.pathKey() });
  };
  const carryOut = useMutation(trpc.cleanup.carryOut.mutationOptions({ onSuccess: refresh }));
  const abort = useMutation(trpc.cleanup.abort.mutationOptions({ onSuccess: refresh }));
  const { id, status, planned, plannedBytes } = cleanup;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-4 py-3">
      <div className="min-w-0 flex-1" role="status">
        <p className="font-medium">{describeCleanup(cleanup)}</p>
        <p className="text-xs text-faint">
          {cleanup.isScheduled ? "daily" : <ActorName actor={cleanup.startedBy} />} ·{" "}
          <RelativeTime at={cleanup.startedAt} />
          {cleanup.repository && ` · only ${cleanup.repository}`}
          {cleanup.isCut && " · more is due than one cleanup takes; the next one goes on"}
        </p>
        {cleanup.current && <p className="truncate text-xs text-quiet">now: {cleanup.current}</p>}
        {abort.error && <ErrorNote error={abort.error} />}
      </div>
      {status === "running" && (
        <progress
          aria-label="Progress of the cleanup"
          className="w-40 accent-[var(--ink)]"
          max={planned}
          value={countEnded(cleanup)}
        />
      )}
      {isAdmin && status === "running" && (
        <Button look="danger" disabled={abort.isPending} onClick={() => abort.mutate({ id })}>
          Abort
        </Button>
      )}
      {isAdmin && status === "reported" && planned > 0 && (
        <Button look="danger" onClick={() => setIsAsking(true)}>
          Remove {formatBytes(plannedBytes)}…
        </Button>
      )}
      <ConfirmDialog
        title="Carry out the cleanup"
        action="Remove what is listed"
        isOpen={isAsking}
        isBusy={carryOut.isPending}
        error={carryOut.error}
        onClose={() => setIsAsking(false)}
        onConfirm={() => carryOut.mutate({ id })}
      >
        <p>
          {planned} things go, about {formatBytes(plannedBytes)}. Each is looked at again when its
          turn comes, and everything in a workspace is stored and recorded before its folder is
          deleted. What is no longer due, or not safe, stays.
        </p>
        <p className="text-quiet">Middles of old outputs and transcripts do not come back.</p>
      </ConfirmDialog>
    </div>
  );
}

const countEnded = ({ removed, kept, failed }: CleanupView) => removed + kept + failed;

export function describeCleanup(cleanup: CleanupView): string {
  const { status, planned, plannedBytes, blocked, removed, kept, failed, freedBytes } = cleanup;
  const stays = blocked > 0 ? `, ${blocked} blocked` : "";
  if (status === "reported") {
    const due = planned > 0 ? `${planned} due, ${formatBytes(plannedBytes)}` : "Nothing is due";
    return `${due}${stays}. Nothing was removed.`;
  }
  const counts = [
    `${removed} of ${planned} removed, ${formatBytes(freedBytes)} freed`,
    ...(kept > 0 ? [`${kept} kept`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const word = { running: "Under way", done: "Done", aborted: "Aborted" }[status];
  return `${word}: ${counts.join(", ")}${stays}.`;
}
