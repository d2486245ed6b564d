"use client";
import { CirclePlay, OctagonX, RotateCcw, Square } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { ActorName } from "@/components/runs/actor-name";
import { ChangedLines } from "@/components/runs/changed-lines";
import { RunDialogs } from "@/components/runs/run-dialogs";
import { RunReason } from "@/components/runs/run-reason";
import { RunStatusLabel } from "@/components/runs/run-status";
import { Button } from "@/components/ui/button";
import { Duration } from "@/components/ui/duration";
import { formatCost, formatCount } from "@/components/ui/format-number";
import { loadAgain } from "@/components/ui/load-again";
import { RelativeTime } from "@/components/ui/relative-time";
import type { DialogAction } from "@/server/domain/run";
import type { RunView } from "@/server/domain/run-view";

const actionDress = {
  continue: { word: "Continue", Icon: CirclePlay },
  rerun: { word: "Rerun", Icon: RotateCcw },
  cancel: { word: "Cancel", Icon: Square },
  force_cancel: { word: "Force", Icon: OctagonX },
} as const;
const actionOrder: DialogAction[] = ["continue", "rerun", "cancel", "force_cancel"];

const DiskWait = dynamic(() => import("@/components/runs/disk-wait").then((it) => it.DiskWait));

const TimeWait = dynamic(() =>
  loadAgain(() => import("@/components/usage/time-wait")).then((it) => it.TimeWait),
);

export function RunHeader({ run }: { run: RunView }) {
  const [action, setAction] = useState<DialogAction | null>(null);
  const title = run.message.split("\n", 1)[0]?.slice(0, 200) || "(no message)";
  return (
    <header className="border-b px-4 pt-3 pb-2.5">
      <div className="flex items-start gap-4 max-md:flex-col max-md:gap-2">
        <h1 className="line-clamp-2 min-w-0 flex-1 text-lg font-semibold" title={run.message}>
          <span className="mr-2 font-mono text-base font-normal text-faint">#{run.number}</span>
          {title}
        </h1>
        <div className="flex min-h-8 shrink-0 items-center gap-2">
          {run.cancelAskedAt && !run.endedAt && (
            <span role="status" className="text-warn">
              Cancelling… <Duration from={run.cancelAskedAt} to={null} />
            </span>
          )}
          {actionOrder
            .filter((name) => run.availableActions.includes(name))
            .map((name) => {
              const { word, Icon } = actionDress[name];
              return (
                <Button
                  key={name}
                  look={name.endsWith("cancel") ? "danger" : "plain"}
                  onClick={() => setAction(name)}
                >
                  <Icon aria-hidden className="size-3.5" />
                  {word}
                </Button>
              );
            })}
        </div>
      </div>
      <div className="mt-1 flex min-h-5 flex-wrap items-center gap-x-3 gap-y-1 text-sm text-quiet">
        <span aria-live="polite" className="flex items-center gap-x-2">
          <RunStatusLabel status={run.status} verdict={run.verdict} />
          <RunReason run={run} />
          {run.status === "waiting" && (
            <Link href="?tab=activity" className="font-medium text-warn underline">
              {run.availableActions.includes("answer") ? "waits for you" : "waits for an answer"}
            </Link>
          )}
          {run.status === "queued" && run.waitReason === "disk_low" && <DiskWait />}
          {run.availableActions.includes("try_now") && <TimeWait run={run} />}
        </span>
        <span className="text-faint">
          since <RelativeTime at={run.statusSince} />
        </span>
        <Link href={`/workflows/${run.workflow.name}`} className="hover:text-ink hover:underline">
          {run.workflow.name}@{run.workflow.version}
        </Link>
        <span>{run.repository.name}</span>
        {run.startedAt && (
          <span title="Duration">
            <Duration from={run.startedAt} to={run.endedAt} />
          </span>
        )}
        {run.additions !== null && (
          <ChangedLines additions={run.additions} deletions={run.deletions} />
        )}
        <RunUsage run={run} />
        <span className="text-faint">
          by <ActorName actor={run.createdBy} />
        </span>
        {run.rerunOf && (
          <Link href={`/runs/${run.rerunOf}`} className="text-faint underline hover:text-ink">
            rerun of an earlier run
          </Link>
        )}
      </div>
      <RunDialogs action={action} run={run} onClose={() => setAction(null)} />
    </header>
  );
}

function RunUsage({ run: { usage } }: { run: RunView }) {
  if (usage.costUsd === null && usage.turns === null) return null;
  const tokens = `${formatCount(usage.inputTokens)} in, ${formatCount(usage.cachedTokens)} cached, ${formatCount(usage.outputTokens)} out`;
  return (
    <span title={`Tokens: ${tokens}`}>
      {[
        usage.costUsd !== null && formatCost(usage.costUsd),
        usage.turns !== null && `${usage.turns} ${usage.turns === 1 ? "turn" : "turns"}`,
      ]
        .filter(Boolean)
        .join(" · ")}
    </span>
  );
}
