"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { Dialog } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { MessageForm } from "./message-form";
import type { ActedRun } from "./run-dialogs";

/** A new run of the same workflow version; the message and its start may be changed. */
export function RerunDialog({ run, onClose }: { run: ActedRun; onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [baseRef, setBaseRef] = useState("");
  const whole = useQuery(trpc.runs.get.queryOptions({ id: run.id }));
  const rerun = useMutation(
    trpc.runs.rerun.mutationOptions({ onSuccess: (made) => router.push(`/runs/${made.id}`) }),
  );
  return (
    <Dialog title={`Rerun #${run.number}`} isOpen onClose={onClose} width="max-w-xl">
      {whole.data ? (
        <MessageForm
          initialMessage={whole.data.message}
          action="Start the rerun"
          isBusy={rerun.isPending || rerun.isSuccess}
          error={rerun.error}
          onClose={onClose}
          onSubmit={(message) =>
            rerun.mutate({ id: run.id, message, baseRef: baseRef.trim() || undefined })
          }
        >
          <Field
            label="Start from"
            hint={`A branch or commit. Left empty, it starts where #${run.number} started${
              whole.data.workspace.baseCommit
                ? `, at ${whole.data.workspace.baseCommit.slice(0, 10)}`
                : ""
            }.`}
          >
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                value={baseRef}
                onChange={(event) => setBaseRef(event.target.value)}
              />
            )}
          </Field>
          <p className="text-xs text-faint">
            Uses {whole.data.workflow.name}@{whole.data.workflow.version} in a new workspace; #
            {run.number} stays as it is.
          </p>
        </MessageForm>
      ) : whole.isError ? (
        <ErrorState error={whole.error} onRetry={() => void whole.refetch()} />
      ) : (
        <Skeleton className="h-64" />
      )}
    </Dialog>
  );
}
