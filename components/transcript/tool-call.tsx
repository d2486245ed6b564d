"use client";
import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { TranscriptEntry } from "@/server/domain/transcript";
import { describeTool, findEdit, formatInput } from "./describe-tool";
import { Fold } from "./fold";
import type { ToolResult } from "./use-transcript";

type Call = Extract<TranscriptEntry, { kind: "tool_call" }>;

/** A tool's call in one line, with its input and result inside; open when it went wrong. */
export function ToolCall({
  call,
  result,
  isRunEnded,
}: {
  call: Call;
  result: ToolResult | undefined;
  isRunEnded: boolean;
}) {
  const [Icon, look, word] = result
    ? result.isError
      ? ([CircleX, "text-bad", "failed"] as const)
      : ([CircleCheck, "text-good", "done"] as const)
    : ([CircleDashed, "text-faint", isRunEnded ? "no result" : "going on"] as const);
  return (
    <Fold
      isOpen={result?.isError}
      summary={
        <span className="flex items-center gap-2">
          <Icon aria-label={word} className={`size-3.5 shrink-0 ${look}`} />
          <span className="shrink-0 font-medium">{call.name}</span>
          <span className="min-w-0 truncate font-mono text-xs text-quiet">
            {describeTool(call.input)}
          </span>
        </span>
      }
    >
      <ToolInput input={call.input} />
      {result && <ToolOutput result={result} />}
    </Fold>
  );
}

function ToolInput({ input }: { input: unknown }) {
  const edit = findEdit(input);
  if (!edit) {
    return (
      <pre className="max-h-64 overflow-auto rounded-sm border bg-sunken px-2 py-1.5 font-mono text-xs whitespace-pre-wrap">
        {formatInput(input)}
      </pre>
    );
  }
  return (
    <pre className="max-h-64 overflow-auto rounded-sm border bg-sunken px-2 py-1.5 font-mono text-xs">
      <span className="block text-faint">{edit.path}</span>
      <EditLines sign="−" text={edit.before} look="text-bad" />
      <EditLines sign="+" text={edit.after} look="text-good" />
    </pre>
  );
}

function EditLines({ sign, text, look }: { sign: string; text: string; look: string }) {
  if (text === "") return null;
  return (
    <span className={`block ${look}`}>
      {text
        .split("\n")
        .map((line) => `${sign} ${line}`)
        .join("\n")}
    </span>
  );
}

const shownLines = 24;

function ToolOutput({ result }: { result: ToolResult }) {
  const [isWhole, setIsWhole] = useState(false);
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
