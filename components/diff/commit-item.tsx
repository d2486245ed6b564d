"use client";
import { clsx } from "clsx";
import { Bot, Camera, GitMerge, type LucideIcon } from "lucide-react";
import { ChangedLines } from "@/components/runs/changed-lines";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { RelativeTime } from "@/components/ui/relative-time";
import { AsOf } from "@/components/work/as-of";
import { WhereaboutsBadge } from "@/components/work/whereabouts-badge";
import type { CommitOrigin } from "@/server/domain/commit";
import type { CommitView } from "@/server/domain/run-view";

const originDress = {
  agent: { word: "agent", why: "The agent made it.", Icon: Bot },
  snapshot: {
    word: "snapshot",
    why: "Coppice made it of what the agent left uncommitted.",
    Icon: Camera,
  },
  merge: { word: "merge", why: "It joins two lines of work.", Icon: GitMerge },
} as const satisfies Record<CommitOrigin, { word: string; why: string; Icon: LucideIcon }>;

/** One commit: who made it, where it is now, and how much it changes. */
export function CommitItem({
  commit,
  isChosen,
  onChoose,
}: {
  commit: CommitView;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const origin = originDress[commit.origin];
  const { whereabouts, mergedBy, asOf, unknownSince } = commit;
  const subject = commit.message.split("\n", 1)[0];
  return (
    <li
      className={clsx(
        "relative flex flex-wrap items-center gap-x-3 border-b px-4 py-1.5 last:border-b-0",
        isChosen ? "bg-hover" : "hover:bg-hover",
      )}
    >
      <button
        type="button"
        aria-current={isChosen}
        title={commit.message}
        onClick={onChoose}
        className="row-link min-w-0 flex-1 basis-60 truncate text-left"
      >
        {subject || "(no message)"}
      </button>
      <Badge title={origin.why}>
        <origin.Icon aria-hidden />
        {origin.word}
      </Badge>
      <WhereaboutsBadge {...{ whereabouts, mergedBy, unknownSince }} />
      <span className="text-xs text-faint">
        <AsOf asOf={asOf} unknownSince={unknownSince} />
      </span>
      <span className="text-xs text-faint" title={commit.author.email}>
        {commit.author.name}
      </span>
      <RelativeTime at={commit.at} className="text-xs text-faint" />
      <span className="text-xs">
        <ChangedLines additions={commit.additions} deletions={commit.deletions} />
      </span>
      <span className="flex items-center font-mono text-xs" title={commit.sha}>
        {commit.sha.slice(0, 10)}
        <CopyButton text={commit.sha} what="the commit id" />
      </span>
    </li>
  );
}
