"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { WorkerView } from "@/server/domain/views";

/** Sets how many runs a worker carries at once. */
export function CapacityDialog({ worker, onClose }: { worker: WorkerView; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [wanted, setWanted] = useState(worker.capacity === null ? "" : String(worker.capacity));
  const set = useMutation(
    trpc.workers.setCapacity.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.workers.list.queryKey() });
        onClose();
      },
    }),
  );
  const capacity = wanted.trim() === "" ? null : Number(wanted);
  const fields = set.error ? readError(set.error).fields : {};
  return (
    <ConfirmDialog
      title={`Runs at once on ${worker.name}`}
      action="Set it"
      isOpen
      isBusy={set.isPending}
      error={set.error}
      onClose={onClose}
      onConfirm={() => set.mutate({ name: worker.name, capacity })}
    >
      <Field
        label="Runs at once"
        hint={`Empty: ${worker.startedWithSlots}, as it was started. Runs that it holds already go on to their end.`}
        error={fields.capacity}
      >
        {(control) => (
          <Input
            {...control}
            type="number"
            min={0}
            max={256}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
