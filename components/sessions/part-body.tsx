"use client";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, User } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { isEnded } from "@/components/runs/run-status";
import { Marked } from "@/components/transcript/marked";
import { PlainText } from "@/components/transcript/plain-text";
import { TranscriptPanel } from "@/components/transcript/transcript-panel";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RunView } from "@/server/domain/run-view";

/** What one run was asked, what it did, and what came of it. */
export function PartBody({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.runs.get.queryOptions({ id }));
  const run = query.data;
  if (run) return <Body run={run} />;
  return query.isError ? (
    <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    <SkeletonRows rows={3} label="Loading the run" />
  );
}

function Body({ run }: { run: RunView }) {
  const isLive = !isEnded(run.status);
  const [isWhole, setIsWhole] = useState(isLive);
  const text = run.error ?? run.result;
  return (
    <div className="flex flex-col gap-2 px-4 pb-3 md:pl-9">
      <Marked
        Icon={User}
        word={
          <span>
            <ActorName actor={run.createdBy} /> to the agent
          </span>
        }
      >
        <div className="max-h-64 overflow-y-auto">
          <PlainText text={run.message} />
        </div>
      </Marked>
      {run.transcriptEntries > 0 && (
        <div>
          <Button
            size="small"
            look="quiet"
            aria-expanded={isWhole}
            onClick={() => setIsWhole(!isWhole)}
          >
            {isWhole ? "Hide what it did" : `Show what it did (${run.transcriptEntries} entries)`}
          </Button>
        </div>
      )}
      {isWhole && (
        <div className="flex h-[60dvh] min-h-64 flex-col rounded-md border">
          <TranscriptPanel run={run} />
        </div>
      )}
      {text && !isLive && (
        <Marked
          Icon={run.error ? CircleX : CircleCheck}
          tone={run.error ? "text-bad" : "text-good"}
          word={run.error ? "Ended with an error" : "Result"}
        >
          <PlainText text={text} />
        </Marked>
      )}
    </div>
  );
}
