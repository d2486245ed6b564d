"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { notify } from "@/components/ui/notify";
import type { WorkspaceView } from "@/server/domain/views";

/** Makes a removed workspace again, or puts one in quarantine back. */
export function RestoreWorkspaceDialog({
  workspace,
  onClose,
}: {
  workspace: WorkspaceView;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const restore = useMutation(
    trpc.workspaces.restore.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.workspaces.list.pathKey() });
        void notify.success("The workspace is back.");
        onClose();
      },
    }),
  );
  const isAway = workspace.state === "quarantined";
  return (
    <Dialog title="Restore the workspace" isOpen onClose={onClose} width="max-w-md">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          restore.mutate({ id: workspace.id });
        }}
      >
        <p>
          {isAway
            ? "Its folder leaves the quarantine and is put back as it is."
            : "Its folder is made again with the files it had when it was removed, and its session can go on in it."}
        </p>
        <p className="font-mono text-xs break-all text-quiet">{workspace.path}</p>
        {!isAway && workspace.headCommit && (
          <p className="text-xs text-quiet">
            At <span className="font-mono">{workspace.headCommit.slice(0, 12)}</span>. For another
            commit, restore it on its run's page.
          </p>
        )}
        {restore.error ? <ErrorNote error={restore.error} /> : null}
        <footer className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" disabled={restore.isPending}>
            {restore.isPending ? "One moment…" : "Restore it"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
