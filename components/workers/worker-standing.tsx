"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { RelativeTime } from "@/components/ui/relative-time";
import type { WorkerView } from "@/server/domain/views";

/** What was decided about a worker, by whom and why, and what waits for it. */
export function WorkerStanding({ worker }: { worker: WorkerView }) {
  const { drain, lost, waiting, left } = worker;
  return (
    <div className="flex flex-col gap-1 text-xs text-quiet">
      {drain && (
        <p>
          Drained by <ActorName actor={drain.by} /> <RelativeTime at={drain.at} />
          {drain.reason && `: ${drain.reason}`}
        </p>
      )}
      {lost && (
        <p className="text-bad">
          Declared lost by <ActorName actor={lost.by} /> <RelativeTime at={lost.at} />:{" "}
          {lost.reason}
        </p>
      )}
      {left > 0 && (
        <p>
          {left} {left === 1 ? "attempt or workspace" : "attempts and workspaces"} of it lie there;
          whether their processes ended is not proved. Its worker puts them in order when it is
          back.
        </p>
      )}
      {waiting > 0 && <WaitingRuns worker={worker} />}
    </div>
  );
}

function WaitingRuns({ worker: { name, waiting } }: { worker: WorkerView }) {
  const trpc = useTRPC();
  const [isOpen, setIsOpen] = useState(false);
  const query = useQuery({ ...trpc.workers.waiting.queryOptions({ name }), enabled: isOpen });
  return (
    <div>
      <Button
        look="quiet"
        size="small"
        className="-ml-2"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {waiting} {waiting === 1 ? "run waits" : "runs wait"} for it
      </Button>
      {isOpen && query.isError && <ErrorNote error={query.error} />}
      {isOpen && query.data && (
        <ul className="flex flex-col gap-1 py-1">
          {query.data.items.map((run) => (
            <li key={run.runId}>
              <Link href={`/runs/${run.runId}`} className="font-mono hover:underline">
                #{run.number}
              </Link>{" "}
              {run.sentence}
            </li>
          ))}
          {query.data.items.length < waiting && <li className="text-faint">and more</li>}
        </ul>
      )}
    </div>
  );
}
