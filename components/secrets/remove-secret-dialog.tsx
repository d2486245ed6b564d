"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";
import type { SecretScope } from "@/server/domain/secrets";

export function RemoveSecretDialog({
  scope,
  name,
  onClose,
}: {
  scope: SecretScope;
  name: string;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.secrets.remove.mutationOptions({
      onSuccess: () => {
        void notify.success(`${name} is removed.`);
        onClose();
      },
      onSettled: () =>
        queryClient.invalidateQueries({ queryKey: trpc.secrets.list.queryKey(scope) }),
    }),
  );
  return (
    <ConfirmDialog
      title={`Remove ${name}`}
      action="Remove it"
      isOpen
      isBusy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate({ ...scope, name })}
    >
      <p>
        {scope.kind === "repository"
          ? `Every run on ${scope.of}, of whatever workflow, starts without it from now on.`
          : `Every run of ${scope.of}, on whatever repository, starts without it from now on; one of the repository's of the same name counts again.`}{" "}
        Runs that go on keep it. An MCP server that names it keeps its runs from starting.
      </p>
      <p className="text-quiet">The value cannot be brought back.</p>
    </ConfirmDialog>
  );
}
