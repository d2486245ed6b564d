"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";
import type { TokenView } from "@/server/domain/views";

export function RevokeTokenDialog({ token, onClose }: { token: TokenView; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.tokens.revoke.mutationOptions({
      onSuccess: () => {
        void notify.success(`The token “${token.name}” is revoked.`);
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.tokens.list.queryKey() }),
    }),
  );
  return (
    <ConfirmDialog
      title="Revoke the token"
      action="Revoke it"
      isOpen
      isBusy={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onConfirm={() => revoke.mutate({ id: token.id })}
    >
      <p>
        Whatever uses “{token.name}” is refused from now on. Runs that it started go on. A revoked
        token cannot be brought back.
      </p>
    </ConfirmDialog>
  );
}
