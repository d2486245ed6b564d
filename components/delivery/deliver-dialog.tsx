"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { makeKey } from "@/components/runs/make-key";
import { useSettled } from "@/components/shell/use-settled";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Skeleton } from "@/components/ui/skeleton";
import type { DeliveryPreview } from "@/server/domain/delivery";
import type { RunView } from "@/server/domain/run-view";
import { DeliveryPreviewView } from "./delivery-preview";
import { KindFields, TargetFields } from "./kind-fields";
import { type DeliveryChoice, usePreview } from "./use-preview";

const actionWords = {
  push: "Push",
  merge: "Merge",
  pull_request: "Open the pull request",
} as const;

/** A choice, what it would do as the origin stands now, and the deed, held to what was shown. */
export function DeliverDialog({ run, onClose }: { run: RunView; onClose: () => void }) {
  const trpc = useTRPC();
  const [choice, setChoice] = useState<DeliveryChoice>({ kind: "push", method: null, target: "" });
  const settled = useSettled(choice, 300);
  const preview = usePreview(run.id, settled);
  const repository = useQuery(trpc.repositories.get.queryOptions({ name: run.repository.name }));
  const { deliver, error, isBusy } = useDeliver(run.id, onClose);
  const isSettled = settled === choice && !preview.isFetching;
  const shown = preview.data;
  const mayDeliver = isSettled && shown !== undefined && isPossible(shown);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (mayDeliver && !isBusy) deliver(choice, shown);
  };
  const branch = run.workspace.branch ?? "the run's branch";
  const usual = repository.data?.defaultBranch ?? "the repository's default branch";
  return (
    <Dialog title={`Deliver #${run.number}`} isOpen onClose={onClose} width="max-w-2xl">
      <form className="flex flex-col gap-4" onSubmit={send}>
        <KindFields choice={choice} onChange={setChoice} />
        <TargetFields
          choice={choice}
          branches={shown?.branches ?? []}
          usualTarget={choice.kind === "push" ? branch : usual}
          errors={preview.error ? readError(preview.error).fields : {}}
          onChange={setChoice}
        />
        {!isSettled && <Skeleton className="h-24" />}
        {isSettled && preview.error && <ErrorNote error={preview.error} />}
        {isSettled && shown && <DeliveryPreviewView preview={shown} />}
        {error ? <ErrorNote error={error} /> : null}
        <footer className="flex flex-wrap items-center justify-end gap-2">
          <Button
            look="quiet"
            className="mr-auto"
            disabled={preview.isFetching}
            onClick={() => void preview.refetch()}
          >
            Look again
          </Button>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" disabled={!mayDeliver || isBusy}>
            {isBusy ? "One moment…" : actionWords[choice.kind]}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** A pull request of a branch that is there already can still be opened. */
function isPossible({ outcome, kind }: DeliveryPreview): boolean {
  if (outcome === "nothing_to_do") return kind === "pull_request";
  return outcome === "creates" || outcome === "updates";
}

function useDeliver(runId: string, onDone: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [key, setKey] = useState(makeKey);
  const deliver = useMutation(
    trpc.deliveries.deliver.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.deliveries.pathKey() });
        onDone();
      },
      onError: () => setKey(makeKey()),
    }),
  );
  return {
    deliver: ({ kind, method, target }: DeliveryChoice, { targetSha }: DeliveryPreview) =>
      deliver.mutate({
        ...{ id: runId, kind, method, target: target.trim() || null },
        ...{ expectedSha: targetSha, idempotencyKey: key },
      }),
    error: deliver.error,
    isBusy: deliver.isPending || deliver.isSuccess,
  };
}
