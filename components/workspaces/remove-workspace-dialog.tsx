"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { notify } from "@/components/ui/notify";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { WorkspaceView } from "@/server/domain/views";
import type { IgnoredChoice } from "@/server/domain/workspace-audit";
import { AuditFindings } from "./audit-findings";

const choices: Record<IgnoredChoice, string> = {
  keep: "Keep those that no build makes again",
  keep_all: "Keep all of them",
  drop: "Let all of them go",
};

/** Tells what lies in a workspace before its folder goes, and what becomes of it. */
export function RemoveWorkspaceDialog({
  workspace,
  onClose,
}: {
  workspace: WorkspaceView;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [ignored, setIgnored] = useState<IgnoredChoice>("keep");
  const audit = useQuery(
    trpc.workspaces.audit.queryOptions({ id: workspace.id }, { retry: false, gcTime: 0 }),
  );
  const remove = useMutation(
    trpc.workspaces.remove.mutationOptions({
      onSuccess: ({ state }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.workspaces.list.pathKey() });
        void notify.success(
          state === "quarantined"
            ? "Not all of it could be stored, so the workspace is in quarantine."
            : "The workspace is removed; its work is kept.",
        );
        onClose();
      },
    }),
  );
  const findings = audit.data?.findings ?? [];
  const kinds = new Set(findings.map(({ kind }) => kind));
  const hasIgnored = kinds.has("ignored_files") || kinds.has("rebuildable_files");
  const goesToQuarantine = kinds.has("unreadable") || kinds.has("git_unusable");
  const mayLoseUnfinished = kinds.has("unfinished_work");
  return (
    <ConfirmDialog
      title="Remove the workspace"
      action={goesToQuarantine ? "Put it in quarantine" : "Remove it"}
      isOpen
      isBusy={remove.isPending || audit.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate({ id: workspace.id, ignored, mayLoseUnfinished })}
    >
      <p>
        {goesToQuarantine
          ? "Not all of it can be stored, so its folder is moved into quarantine and nothing is deleted."
          : `Its folder on ${workspace.worker ?? "the worker"} is deleted. Before that, its work is stored; the workspace can be restored.`}
      </p>
      <p className="font-mono text-xs break-all text-quiet">{workspace.path}</p>
      {audit.isPending && <Skeleton className="h-16" />}
      {audit.error && <ErrorNote error={audit.error} />}
      {audit.data && <AuditFindings findings={findings} ignored={ignored} />}
      {hasIgnored && (
        <Field label="Ignored files">
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={ignored}
              onChange={(event) => setIgnored(event.target.value as IgnoredChoice)}
            >
              {Object.entries(choices).map(([name, word]) => (
                <option key={name} value={name}>
                  {word}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </ConfirmDialog>
  );
}
