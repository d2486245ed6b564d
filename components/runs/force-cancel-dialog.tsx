"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";
import type { ActedRun } from "./run-dialogs";

/** Cancel asked once more: the worker waits no longer at the step it is at. */
export function ForceCancelDialog({ run, onClose }: { run: ActedRun; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const cancel = useMutation(
    trpc.runs.cancel.mutationOptions({
      onSuccess: (changed) => {
        queryClient.setQueryData(trpc.runs.get.queryKey({ id: run.id }), changed);
        void notify.success(`Run #${run.number}: the next step is taken at once.`);
        onClose();
      },
    }),
  );
  return (
    <ConfirmDialog
      title={`Force the end of run #${run.number}`}
      action="Take the next step now"
      isOpen
      isBusy={cancel.isPending}
      error={cancel.error}
      onClose={onClose}
      onConfirm={() => cancel.mutate({ id: run.id })}
    >
      <p className="text-quiet">
        It is being cancelled: first it is interrupted, then asked to end (SIGTERM), then killed.
        This ends the wait at the step it is at. What it has written so far is kept all the same.
      </p>
    </ConfirmDialog>
  );
}
