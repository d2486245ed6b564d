"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { readAnsi } from "@/components/output/read-ansi";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorNote } from "@/components/ui/error-note";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { Skeleton } from "@/components/ui/skeleton";
import type { RunCommandView } from "@/server/domain/workspace-commands";

const shownBytes = 64 * 1024;
const pollMs = 1_000;

/** The end of what a command printed; it grows while the command runs. The rest is one link away. */
export function CommandOutput({ runId, command }: { runId: string; command: RunCommandView }) {
  const isRunning = command.state === "running";
  const path = `/runs/${runId}/commands/${command.id}/output`;
  const query = useQuery({
    queryKey: ["command-output", command.id, command.tries, isRunning ? null : command.outputBytes],
    queryFn: () => fetchEnd(path, command.outputBytes),
    refetchInterval: isRunning ? pollMs : false,
    placeholderData: (before) => before,
  });
  if (query.isError) return <ErrorNote error={query.error} />;
  if (!query.data) return <Skeleton className="h-16" />;
  const { text, total, from } = query.data;
  if (total === 0) {
    return (
      <p className="text-faint">{isRunning ? "Nothing printed yet." : "It printed nothing."}</p>
    );
  }
  return (
    <div className="rounded-md border">
      <div className="flex h-7 items-center justify-between gap-2 border-b px-2 text-xs text-faint">
        <span>
          {from > 0 ? "The end of its output. " : "Its output. "}
          <a href={path} target="_blank" rel="noreferrer" className="underline">
            All of it
          </a>
        </span>
        <CopyButton text={text} what="the output shown" />
      </div>
      <Lines text={text} isGrowing={isRunning} label={`Output of ${command.name}`} />
    </div>
  );
}

function Lines({ text, isGrowing, label }: { text: string; isGrowing: boolean; label: string }) {
  const box = useRef<HTMLElement>(null);
  const lines = useMemo(() => text.replace(/\n$/, "").split("\n").map(readAnsi), [text]);
  useEffect(() => {
    const element = box.current;
    if (element && text && isGrowing) element.scrollTop = element.scrollHeight;
  }, [text, isGrowing]);
  return (
    <ScrollRegion
      ref={box}
      label={label}
      className="max-h-96 overflow-auto bg-sunken px-2 py-1 font-mono text-xs leading-[18px]"
    >
      {lines.map((spans, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place
        <div key={line} className="min-h-[18px] whitespace-pre">
          {spans.map((span, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a line never move
            <span key={index} className={span.className}>
              {span.text}
            </span>
          ))}
        </div>
      ))}
    </ScrollRegion>
  );
}

interface OutputEnd {
  text: string;
  from: number;
  total: number;
}

/** @throws Error with the server's own sentence. */
async function fetchEnd(path: string, knownBytes: number): Promise<OutputEnd> {
  const wanted = Math.max(0, knownBytes - shownBytes);
  const answer = await fetch(`${path}?from=${wanted}`);
  if (!answer.ok) throw new Error(`The output could not be read (${answer.status}).`);
  const total = Number(answer.headers.get("x-coppice-output-length")) || 0;
  const whole = await answer.text();
  // A long one begins in the middle of a line, which is left out.
  const text = wanted > 0 ? whole.slice(whole.indexOf("\n") + 1) : whole;
  return { text, from: wanted, total };
}
