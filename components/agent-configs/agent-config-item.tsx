"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { useMember } from "@/components/shell/member";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { formatBytes } from "@/components/ui/format-number";
import { RelativeTime } from "@/components/ui/relative-time";
import { ScrollRegion } from "@/components/ui/scroll-region";
import type { AgentConfigFile, AgentConfigView } from "@/server/domain/agent-config";
import { useKeep } from "./use-keep";

/** One configuration as it was found: its files to read, and whether they may take effect. */
export function AgentConfigItem({
  repository,
  config,
}: {
  repository: string;
  config: AgentConfigView;
}) {
  const trpc = useTRPC();
  const { isAdmin } = useMember();
  const judge = useMutation(trpc.agentConfig.judge.mutationOptions(useKeep(repository)));
  const { sha256, approvedAt, approvedBy, seenAt, seenIn, seenByRun, files } = config;
  const isApproved = approvedAt !== null;
  return (
    <li className="border-b">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
        <Badge>{isApproved ? "approved" : "not approved"}</Badge>
        <span className="font-mono text-xs">{sha256.slice(0, 12)}</span>
        <span className="min-w-0 flex-1 text-xs text-quiet">
          found <RelativeTime at={seenAt} /> in{" "}
          <span className="font-mono">{seenIn.slice(0, 12)}</span>
          {seenByRun && (
            <>
              {" by "}
              <Link className="underline" href={`/runs/${seenByRun.id}`}>
                #{seenByRun.number}
              </Link>
            </>
          )}
          {approvedAt && approvedBy && (
            <>
              {" · approved "}
              <RelativeTime at={approvedAt} /> by <ActorName actor={approvedBy} />
            </>
          )}
        </span>
        {isAdmin && (
          <Button
            size="small"
            look={isApproved ? "danger" : "primary"}
            disabled={judge.isPending}
            aria-label={`${isApproved ? "Revoke" : "Approve"} ${sha256.slice(0, 12)}`}
            onClick={() => judge.mutate({ name: repository, sha256, isApproved: !isApproved })}
          >
            {isApproved ? "Revoke" : "Approve"}
          </Button>
        )}
      </div>
      <ul>
        {files.map((file) => (
          <ConfigFile key={file.path} file={file} isOpen={!isApproved && file.isGated} />
        ))}
      </ul>
    </li>
  );
}

function ConfigFile({ file, isOpen }: { file: AgentConfigFile; isOpen: boolean }) {
  const { path, text, bytes, isGated } = file;
  return (
    <li className="px-4 py-1">
      <details open={isOpen}>
        <summary className="text-xs">
          <span className="font-mono break-all">{path}</span>{" "}
          <span className="text-quiet">
            {formatBytes(bytes)}
            {isGated ? "" : " · only text for the agent, needs no approval"}
          </span>
        </summary>
        {text === null ? (
          <p className="py-1 text-xs text-quiet">Too long or no text: read it in the repository.</p>
        ) : (
          <div className="flex items-start gap-2 py-1">
            <ScrollRegion
              label={path}
              className="max-h-72 min-w-0 flex-1 overflow-auto bg-sunken p-2"
            >
              <pre className="font-mono text-xs whitespace-pre-wrap">{text}</pre>
            </ScrollRegion>
            <CopyButton text={text} what={path} />
          </div>
        )}
      </details>
    </li>
  );
}
