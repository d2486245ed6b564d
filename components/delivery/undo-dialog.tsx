"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC, useTRPCClient } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Skeleton } from "@/components/ui/skeleton";
import type { DeliveryView } from "@/server/domain/delivery";
import { DeliveryPreviewView } from "./delivery-preview";

/** Says what taking a delivery back would do, and does it on a yes. */
export function UndoDialog({ delivery, onClose }: { delivery: DeliveryView; onClose: () => void }) {
  const [isRevert, setIsRevert] = useState(false);
  const isPlanned = delivery.state === "planned";
  const preview = useUndoPreview(delivery, isRevert, !isPlanned);
  const { undo, error, isBusy } = useUndo(delivery, onClose);
  const outcome = preview.data?.outcome;
  const isPossible = isPlanned || outcome === "updates" || outcome === "deletes";
  return (
    <ConfirmDialog
      title={isPlanned ? "Withdraw this delivery" : "Undo this delivery"}
      action={isPlanned ? "Withdraw it" : "Undo it"}
      isOpen
      isBusy={isBusy || !isPossible}
      error={error}
      onClose={onClose}
      onConfirm={() => isPossible && undo(isRevert, preview.data?.targetSha)}
    >
      {isPlanned ? (
        <p className="text-quiet">Nothing of it has been done yet.</p>
      ) : (
        <>
          {delivery.oldSha !== null && (
            <label className="flex items-start gap-2 text-sm">
              <input
                type="checkbox"
                className="mt-1"
                checked={isRevert}
                onChange={(event) => setIsRevert(event.target.checked)}
              />
              By one commit more, instead of moving the branch back
            </label>
          )}
          {preview.isFetching && <Skeleton className="h-24" />}
          {!preview.isFetching && preview.error && <ErrorNote error={preview.error} />}
          {!preview.isFetching && preview.data && <DeliveryPreviewView preview={preview.data} />}
        </>
      )}
    </ConfirmDialog>
  );
}

function useUndoPreview({ id }: DeliveryView, isRevert: boolean, enabled: boolean) {
  const client = useTRPCClient();
  return useQuery({
    queryKey: ["delivery-undo-preview", id, isRevert],
    queryFn: () => client.deliveries.previewUndo.mutate({ id, isRevert }),
    enabled,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

function useUndo({ id }: DeliveryView, onDone: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const undo = useMutation(
    trpc.deliveries.undo.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.deliveries.pathKey() });
        onDone();
      },
    }),
  );
  return {
    undo: (isRevert: boolean, targetSha: string | null | undefined) =>
      undo.mutate({ id, isRevert, expectedSha: targetSha }),
    error: undo.error,
    isBusy: undo.isPending || undo.isSuccess,
  };
}
