"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { WorkerView } from "@/server/domain/views";

/** Drains a worker, or lets a drained one take runs again. */
export function DrainDialog({ worker, onClose }: { worker: WorkerView; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const onSuccess = () => {
    void queryClient.invalidateQueries({ queryKey: trpc.workers.list.queryKey() });
    onClose();
  };
  const drain = useMutation(trpc.workers.drain.mutationOptions({ onSuccess }));
  const undrain = useMutation(trpc.workers.undrain.mutationOptions({ onSuccess }));
  const { name } = worker;
  if (worker.drain) {
    return (
      <ConfirmDialog
        title={`Let ${name} take runs again`}
        action="Take runs again"
        isOpen
        isBusy={undrain.isPending}
        error={undrain.error}
        onClose={onClose}
        onConfirm={() => undrain.mutate({ name })}
      >
        <p className="text-quiet">It begins with the runs that wait for it.</p>
      </ConfirmDialog>
    );
  }
  return (
    <ConfirmDialog
      title={`Drain ${name}`}
      action="Drain it"
      isOpen
      isBusy={drain.isPending}
      error={drain.error}
      onClose={onClose}
      onConfirm={() => drain.mutate({ name, reason: reason.trim() || undefined })}
    >
      <p className="text-quiet">
        It takes no new run. The {worker.held} it holds go on to their end. Runs of workspaces on
        its host wait; others go to other workers.
      </p>
      <Field label="Reason" hint="Stands on this page and in the audit log. Optional.">
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
