"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { notify } from "@/components/ui/notify";
import type { ActedRun } from "./run-dialogs";

export function CancelDialog({ run, onClose }: { run: ActedRun; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const cancel = useMutation(
    trpc.runs.cancel.mutationOptions({
      onSuccess: (changed) => {
        queryClient.setQueryData(trpc.runs.get.queryKey({ id: run.id }), changed);
        void notify.success(`Run #${run.number} is being cancelled.`);
        onClose();
      },
    }),
  );
  return (
    <ConfirmDialog
      title={`Cancel run #${run.number}`}
      action="Cancel the run"
      isOpen
      isBusy={cancel.isPending}
      error={cancel.error}
      onClose={onClose}
      onConfirm={() => cancel.mutate({ id: run.id, reason: reason.trim() || undefined })}
    >
      <p className="text-quiet">
        The agent and everything it started is ended. What it has done so far is kept as commits.
      </p>
      <Field label="Reason" hint="Stands in the run's timeline and in the audit log. Optional.">
        {(control) => (
          <Input
            {...control}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
