"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { notify } from "@/components/ui/notify";
import type { WorkerView } from "@/server/domain/views";

/** Declares a host lost, with a reason that is typed. */
export function LostDialog({ worker, onClose }: { worker: WorkerView; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const declare = useMutation(
    trpc.workers.declareLost.mutationOptions({
      onSuccess: ({ moved, waiting, ended }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.workers.list.queryKey() });
        void notify.success(
          `${moved} queued for other hosts, ${waiting} wait for it, ${ended} ended.`,
        );
        onClose();
      },
    }),
  );
  const fields = declare.error ? readError(declare.error).fields : {};
  return (
    <ConfirmDialog
      title={`Declare ${worker.host} lost`}
      action="Declare it lost"
      isOpen
      isBusy={declare.isPending}
      error={declare.error}
      onClose={onClose}
      onConfirm={() => declare.mutate({ name: worker.name, reason: reason.trim() })}
    >
      <p className="text-quiet">
        The {worker.held} {worker.held === 1 ? "run" : "runs"} that <b>{worker.name}</b> holds end
        their attempt and are queued for another host, where their work can be had there. Agents
        that still live on it cannot be ended from here: <b>two may work at once</b> if it is not
        really gone. When it comes back, its worker ends what was superseded and keeps all that lies
        there.
      </p>
      <Field label="Reason" hint="Stands on its runs and in the audit log." error={fields.reason}>
        {(control) => (
          <Input
            {...control}
            value={reason}
            required
            minLength={3}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
