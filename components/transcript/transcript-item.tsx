"use client";
import { clsx } from "clsx";
import {
  CircleAlert,
  CircleCheck,
  CircleX,
  Info,
  type LucideIcon,
  Scissors,
  ShieldX,
  User,
} from "lucide-react";
import { memo, type ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import { describeTrimmedEntries } from "@/server/domain/output-trim";
import type { TranscriptEntryView } from "@/server/domain/run-view";
import { formatInput } from "./describe-tool";
import { Fold } from "./fold";
import { PlainText } from "./plain-text";
import { ToolCall } from "./tool-call";
import type { ToolResult } from "./use-transcript";

/** One entry of the transcript. A tool's call and its result are one item. */
export const TranscriptItem = memo(function TranscriptItem({
  view,
  result,
  isRunEnded,
}: {
  view: TranscriptEntryView;
  result: ToolResult | undefined;
  isRunEnded: boolean;
}) {
  const { entry } = view;
  const isNested = "parentToolId" in entry && entry.parentToolId !== undefined;
  return (
    <li
      className={clsx(
        "group flex gap-3 py-1 [contain-intrinsic-size:auto_28px] [content-visibility:auto]",
        isNested && "ml-4 border-l pl-3",
      )}
    >
      <div className="min-w-0 flex-1">
        <EntryBody view={view} result={result} isRunEnded={isRunEnded} />
      </div>
      <RelativeTime
        at={view.at}
        className="w-16 shrink-0 text-right text-xs text-faint max-md:hidden"
      />
    </li>
  );
});

function EntryBody({
  view: { entry },
  result,
  isRunEnded,
}: {
  view: TranscriptEntryView;
  result: ToolResult | undefined;
  isRunEnded: boolean;
}) {
  switch (entry.kind) {
    case "message":
      return (
        <Marked Icon={User} word="To the agent">
          <PlainText text={entry.text} />
        </Marked>
      );
    case "text":
      return <PlainText text={entry.text} />;
    case "thinking":
      return (
        <Fold summary={<span className="text-faint">Thinking · {firstLine(entry.text)}</span>}>
          <p className="max-w-prose whitespace-pre-wrap text-quiet">{entry.text}</p>
        </Fold>
      );
    case "tool_call":
      return <ToolCall call={entry} result={result} isRunEnded={isRunEnded} />;
    case "tool_result":
      return (
        <Fold summary={<span className="text-quiet">Result · {firstLine(entry.text)}</span>}>
          <pre className="font-mono text-xs whitespace-pre-wrap">{entry.text}</pre>
        </Fold>
      );
    case "permission_denied":
      return (
        <Marked Icon={ShieldX} tone="text-warn" word={`Not allowed: ${entry.tool}`}>
          <p className="text-quiet">{entry.reason}</p>
          <pre className="font-mono text-xs whitespace-pre-wrap text-faint">
            {formatInput(entry.input)}
          </pre>
        </Marked>
      );
    case "trimmed":
      return (
        <Marked Icon={Scissors} tone="text-faint" word="Removed by retention">
          <p className="text-quiet">{describeTrimmedEntries(entry)}</p>
        </Marked>
      );
    case "notice":
      return (
        <Marked Icon={Info} tone="text-faint" word="Notice">
          <p className="whitespace-pre-wrap text-quiet">{entry.text}</p>
        </Marked>
      );
    case "error":
      return (
        <Marked Icon={CircleAlert} tone="text-bad" word="Error">
          <p className="whitespace-pre-wrap">{entry.text}</p>
        </Marked>
      );
    case "result":
      return (
        <Marked
          Icon={entry.isError ? CircleX : CircleCheck}
          tone={entry.isError ? "text-bad" : "text-good"}
          word={entry.isError ? `Ended with an error: ${entry.reason}` : "Result"}
        >
          {entry.text && <PlainText text={entry.text} />}
        </Marked>
      );
  }
}

function Marked({
  Icon,
  tone = "text-quiet",
  word,
  children,
}: {
  Icon: LucideIcon;
  tone?: string;
  word: string;
  children: ReactNode;
}) {
  return (
    <div className="border-l-2 py-0.5 pl-3">
      <p className={clsx("flex items-center gap-1.5 text-xs font-medium", tone)}>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        {word}
      </p>
      {children}
    </div>
  );
}

function firstLine(text: string): string {
  return text.trimStart().split("\n", 1)[0]?.slice(0, 200) ?? "";
}
