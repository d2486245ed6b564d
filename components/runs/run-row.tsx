"use client";
import { CirclePlay, OctagonX, RotateCcw, Square } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Duration } from "@/components/ui/duration";
import { formatCost } from "@/components/ui/format-number";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, Row } from "@/components/ui/table";
import type { DialogAction, RunAction } from "@/server/domain/run";
import type { RunSummary } from "@/server/domain/run-view";
import { ActorName } from "./actor-name";
import { ChangedLines } from "./changed-lines";
import { RunReason } from "./run-reason";
import { RunStatusLabel } from "./run-status";

const actionDress = {
  cancel: { word: "Cancel", Icon: Square },
  force_cancel: { word: "Force the end of", Icon: OctagonX },
  rerun: { word: "Rerun", Icon: RotateCcw },
  continue: { word: "Continue", Icon: CirclePlay },
} as const satisfies Record<DialogAction, { word: string; Icon: typeof Square }>;

/** Asked here: the domain's module would bring all of zod into every list. */
function hasDialog(action: RunAction): action is DialogAction {
  return action in actionDress;
}

/** One run of a list. It renders anew only when its run has changed; times tick by themselves. */
export const RunRow = memo(function RunRow({
  run,
  onAct,
}: {
  run: RunSummary;
  onAct: (action: DialogAction, run: RunSummary) => void;
}) {
  const { workflow, repository, branch } = run;
  return (
    <Row className="md:h-12">
      <Cell className="font-mono text-xs text-faint">#{run.number}</Cell>
      <Cell className="max-md:flex max-md:min-w-0 max-md:flex-1 max-md:items-baseline max-md:gap-2">
        <RunStatusLabel status={run.status} verdict={run.verdict} />
        <RunReason run={run} className="block min-w-0 truncate text-xs" />
      </Cell>
      <Cell className="max-md:order-last max-md:w-full">
        <Link href={`/runs/${run.id}`} title={run.title} className="row-link block truncate">
          {run.title || "(no message)"}
        </Link>
        <span className="block truncate text-xs text-faint">
          {workflow.name}@{workflow.version} · {repository.name}
          {branch && <span className="font-mono"> · {branch}</span>}
        </span>
      </Cell>
      <Cell className="text-quiet max-md:text-xs">
        <RelativeTime at={run.startedAt ?? run.createdAt} />
        <span className="block truncate text-xs text-faint max-md:hidden">
          <ActorName actor={run.createdBy} />
        </span>
      </Cell>
      <Cell isNumeric className="text-quiet max-md:hidden">
        <Duration from={run.startedAt} to={run.endedAt} />
      </Cell>
      <Cell isNumeric className="max-lg:hidden">
        <ChangedLines additions={run.additions} deletions={run.deletions} />
        {run.commits !== null && (
          <span className="block text-xs text-faint">
            {run.commits} {run.commits === 1 ? "commit" : "commits"}
          </span>
        )}
      </Cell>
      <Cell isNumeric className="text-quiet max-lg:hidden">
        {formatCost(run.usage.costUsd)}
      </Cell>
      <Cell className="max-md:hidden">
        <span className="relative z-10 flex justify-end opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
          {run.availableActions.filter(hasDialog).map((action) => {
            const { word, Icon } = actionDress[action];
            return (
              <Button
                key={action}
                look="quiet"
                size="small-icon"
                title={word}
                aria-label={`${word} run #${run.number}`}
                onClick={() => onAct(action, run)}
              >
                <Icon aria-hidden className="size-3.5" />
              </Button>
            );
          })}
          <CopyButton text={run.id} what={`the id of run #${run.number}`} />
        </span>
      </Cell>
    </Row>
  );
});
