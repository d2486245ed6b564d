"use client";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { Copyable } from "@/components/ui/copyable";
import type { RestoreView } from "@/server/domain/restore";

/** What was made, with the next step. */
export function RestoreResult({ restore, onClose }: { restore: RestoreView; onClose: () => void }) {
  const { workspace, branch, sha } = restore;
  return (
    <div className="flex flex-col gap-4">
      <p role="status">
        {workspace
          ? "The new workspace is ready."
          : "The branch is there; it was made of this commit."}
      </p>
      <dl className="grid grid-cols-[88px_minmax(0,1fr)] items-center gap-x-2 gap-y-1">
        <dt className="text-xs text-faint">Commit</dt>
        <dd>
          <Copyable text={sha} shown={sha.slice(0, 12)} what="the commit id" />
        </dd>
        <dt className="text-xs text-faint">Branch</dt>
        <dd>
          <Copyable text={branch} what="the branch" />
        </dd>
        {workspace && (
          <>
            <dt className="text-xs text-faint">Path</dt>
            <dd>
              <Copyable text={workspace.path} what="the path" />
            </dd>
          </>
        )}
      </dl>
      <footer className="flex justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        {workspace?.sessionId && (
          <ButtonLink look="primary" href={`/sessions/${workspace.sessionId}`}>
            Go on in its session
          </ButtonLink>
        )}
      </footer>
    </div>
  );
}
