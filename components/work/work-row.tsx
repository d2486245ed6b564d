"use client";
import Link from "next/link";
import { memo } from "react";
import { ActorName } from "@/components/runs/actor-name";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, Row } from "@/components/ui/table";
import type { LeftoverReason, WorkEntryView } from "@/server/domain/work";
import { AsOf } from "./as-of";
import { WhereaboutsBadge } from "./whereabouts-badge";

const reasonWords = {
  left_out: "left out of the snapshot",
  uncaptured: "could not be captured",
  set_aside: "set aside",
  ignored: "ignored by git",
  nested_repository: "a repository inside",
} as const satisfies Record<LeftoverReason, string>;

/** One entry of the ledger: where it is, what it is, who made it, and what may be done with it. */
export const WorkRow = memo(function WorkRow({
  entry,
  mayOperate,
  onAct,
}: {
  entry: WorkEntryView;
  mayOperate: boolean;
  onAct: (act: "letGo" | "takeBack", entry: WorkEntryView) => void;
}) {
  const { sha, whereabouts, mergedBy, unknownSince, letGo } = entry;
  return (
    <Row className="md:h-12">
      <Cell>
        <WhereaboutsBadge {...{ whereabouts, mergedBy, unknownSince }} />
      </Cell>
      <Cell className="max-md:order-last max-md:w-full">
        <Link
          href={`/runs/${entry.run.id}${sha ? "?tab=commits" : ""}`}
          title={entry.title}
          className="row-link block truncate"
        >
          {entry.title || "(no message)"}
        </Link>
        <span className="block truncate text-xs text-faint" title={entry.why ?? undefined}>
          {letGo && (
            <span title={letGo.why}>
              let go by <ActorName actor={letGo.by} />: {letGo.why} ·{" "}
            </span>
          )}
          {entry.reason
            ? `${reasonWords[entry.reason]}${entry.why ? ` · ${entry.why}` : ""}`
            : `${entry.origin}${entry.author ? ` · ${entry.author}` : ""}`}
          {entry.ref && <span className="font-mono"> · {entry.ref}</span>}
        </span>
      </Cell>
      <Cell className="font-mono text-xs">
        {sha ? (
          <span className="flex items-center" title={sha}>
            {sha.slice(0, 10)}
            <CopyButton text={sha} what="the commit id" />
          </span>
        ) : (
          <span className="flex items-center max-md:hidden">
            <CopyButton text={entry.title} what="the path" />
          </span>
        )}
      </Cell>
      <Cell className="text-quiet max-md:text-xs">
        <RelativeTime at={entry.at} />
      </Cell>
      <Cell className="text-xs text-faint">
        <AsOf asOf={entry.asOf} unknownSince={unknownSince} />
      </Cell>
      <Cell>
        {mayOperate && (entry.isAtRisk || (letGo && whereabouts !== "gone")) && (
          <span className="relative z-10 flex md:justify-end">
            <Button
              size="small"
              look="quiet"
              onClick={() => onAct(letGo ? "takeBack" : "letGo", entry)}
            >
              {letGo ? "Take back" : "Let go"}
            </Button>
          </span>
        )}
      </Cell>
    </Row>
  );
});
