"use client";
import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ChangedLines } from "@/components/runs/changed-lines";
import { Button } from "@/components/ui/button";
import type { TranscriptEntry } from "@/server/domain/transcript";
import { describeTool } from "./describe-tool";
import { Fold } from "./fold";
import { readEdits } from "./read-edits";
import { ToolInput } from "./tool-input";
import type { ToolResult } from "./use-transcript";

type Call = Extract<TranscriptEntry, { kind: "tool_call" }>;

/** A tool's call in one line, with its input and result inside; open when it went wrong. */
export function ToolCall({
  call,
  result,
  isRunEnded,
  isOpen,
  children,
}: {
  call: Call;
  result: ToolResult | undefined;
  isRunEnded: boolean;
  isOpen: boolean;
  /** What the sub-agent did that it began. */
  children?: ReactNode;
}) {
  const [Icon, look, word] = result
    ? result.isError
      ? ([CircleX, "text-bad", "failed"] as const)
      : ([CircleCheck, "text-good", "done"] as const)
    : ([CircleDashed, "text-faint", isRunEnded ? "no result" : "going on"] as const);
  return (
    <Fold
      isOpen={isOpen || result?.isError === true}
      summary={
        <span className="flex items-center gap-2">
          <Icon aria-label={word} className={`size-3.5 shrink-0 ${look}`} />
          <span className="shrink-0 font-medium">{call.name}</span>
          <span className="min-w-0 truncate font-mono text-xs text-quiet">
            {describeTool(call.name, call.input)}
          </span>
          <EditSize input={call.input} />
        </span>
      }
    >
      <ToolInput name={call.name} input={call.input} />
      {children}
      {result && <ToolOutput result={result} />}
    </Fold>
  );
}

function EditSize({ input }: { input: unknown }) {
  const edits = readEdits(input);
  if (!edits) return null;
  const count = (wanted: string) =>
    edits.reduce((sum, { lines }) => sum + lines.filter(({ sign }) => sign === wanted).length, 0);
  return (
    <span className="shrink-0 text-xs">
      <ChangedLines additions={count("+")} deletions={count("-")} />
    </span>
  );
}

const shownLines = 24;

function ToolOutput({ result }: { result: ToolResult }) {
  const [isWhole, setIsWhole] = useState(false);
  if (result.text === "") return null;
  const lines = result.text.split("\n");
  const hidden = isWhole ? 0 : Math.max(0, lines.length - shownLines);
  // A failure tells its cause at the end, everything else at the beginning.
  const shown = result.isError ? lines.slice(hidden) : lines.slice(0, lines.length - hidden);
  const more = hidden > 0 && (
    <Button size="small" look="quiet" onClick={() => setIsWhole(true)}>
      {hidden} more {hidden === 1 ? "line" : "lines"}
    </Button>
  );
  return (
    <div className="mt-1">
      {result.isError && more}
      <pre className="overflow-x-auto font-mono text-xs whitespace-pre-wrap text-quiet">
        {shown.join("\n")}
      </pre>
      {!result.isError && more}
      {result.isCut && <p className="text-xs text-faint">Cut here; the whole is in the output.</p>}
    </div>
  );
}
