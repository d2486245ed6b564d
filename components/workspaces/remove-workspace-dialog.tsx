"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { notify } from "@/components/ui/notify";
import type { WorkspaceView } from "@/server/domain/views";

export function RemoveWorkspaceDialog({
  workspace,
  onClose,
}: {
  workspace: WorkspaceView;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.workspaces.remove.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.workspaces.list.pathKey() });
        void notify.success("The workspace is removed; its work is kept.");
        onClose();
      },
    }),
  );
  return (
    <ConfirmDialog
      title="Remove the workspace"
      action="Remove it"
      isOpen
      isBusy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate({ id: workspace.id })}
    >
      <p>
        Its folder on {workspace.worker ?? "the worker"} is deleted. Before that, everything in it,
        uncommitted files too, is captured and kept reachable.
      </p>
      <p className="font-mono text-xs break-all text-quiet">{workspace.path}</p>
    </ConfirmDialog>
  );
}
