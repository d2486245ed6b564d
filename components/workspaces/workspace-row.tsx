"use client";
import Link from "next/link";
import { memo } from "react";
import { isEnded, RunStatusLabel } from "@/components/runs/run-status";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { Copyable } from "@/components/ui/copyable";
import { formatBytes } from "@/components/ui/format-number";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, Row } from "@/components/ui/table";
import type { Due } from "@/server/domain/cleanup-views";
import type { WorkspaceView } from "@/server/domain/views";
import { PinButton } from "./pin-button";
import { WorkspaceDue } from "./workspace-due";
import { workspaceStateWords } from "./workspace-state-words";

/** One workspace: where it is, what is checked out in it, and the run that holds it or held it last. */
export const WorkspaceRow = memo(function WorkspaceRow({
  workspace,
  due,
  onRemove,
  onRestore,
}: {
  workspace: WorkspaceView;
  /** What retention means for it; undefined until that is known. */
  due: Due | undefined;
  onRemove: (workspace: WorkspaceView) => void;
  onRestore: (workspace: WorkspaceView) => void;
}) {
  const { run, repository, kind, name, state, worker, path, branch } = workspace;
  const { mayOperate } = useMember();
  const isHeld = run !== null && !isEnded(run.status);
  const mayRemove = mayOperate && state === "ready" && !isHeld;
  const mayRestore = mayOperate && (state === "removed" || state === "quarantined");
  return (
    <Row className="md:h-14">
      <Cell>
        <span className="font-medium">{repository.name}</span>
        <span className="block truncate text-xs text-faint">
          {kind}
          {name && ` · ${name}`}
          {worker && ` · ${worker}`}
        </span>
      </Cell>
      <Cell className="text-quiet">
        {workspaceStateWords[state]}
        {due && <WorkspaceDue due={due} removedAt={workspace.removedAt} />}
      </Cell>
      <Cell className="max-md:w-full">
        <Copyable text={path} what="the path" />
        <Copyable text={branch} what="the branch" className="text-quiet" />
      </Cell>
      <Cell isNumeric className="text-quiet">
        {workspace.bytes === null ? "–" : formatBytes(workspace.bytes)}
      </Cell>
      <Cell>
        {run && (
          <Link href={`/runs/${run.id}`} className="flex items-center gap-2 hover:underline">
            <span className="font-mono text-xs text-faint">#{run.number}</span>
            <RunStatusLabel status={run.status} />
          </Link>
        )}
      </Cell>
      <Cell className="text-quiet">
        <RelativeTime at={workspace.removedAt ?? workspace.usedAt ?? workspace.createdAt} />
      </Cell>
      <Cell>
        {mayRestore && (
          <span className="flex md:justify-end">
            <Button size="small" onClick={() => onRestore(workspace)}>
              Restore
            </Button>
          </span>
        )}
        {mayRemove && (
          <span className="flex items-center gap-1 md:justify-end">
            <PinButton workspaceId={workspace.id} isPinned={due?.isPinned ?? false} />
            <Button look="danger" size="small" onClick={() => onRemove(workspace)}>
              Remove
            </Button>
          </span>
        )}
      </Cell>
    </Row>
  );
});
