"use client";
import { clsx } from "clsx";
import { CircleAlert, CircleCheck, CircleX, Info, Scissors, ShieldX, User } from "lucide-react";
import { memo, useState } from "react";
import { MessageReceipt, SaidBy } from "@/components/conversation/message-receipt";
import { RelativeTime } from "@/components/ui/relative-time";
import type { MessageView } from "@/server/domain/conversation";
import { describeTrimmedEntries } from "@/server/domain/output-trim";
import type { TranscriptEntry } from "@/server/domain/transcript";
import { Fold } from "./fold";
import { type EntryNode, holdsEntry } from "./group-entries";
import { Marked } from "./marked";
import { PlainText } from "./plain-text";
import { ToolCall } from "./tool-call";
import { ToolInput } from "./tool-input";

interface ItemProps {
  node: EntryNode;
  /** The operator's message that the entry is, if it is one. */
  message?: MessageView | null;
  isRunEnded: boolean;
  /** The entry that the address names. */
  target: number | null;
  isNested?: boolean;
}

/**
 * One entry of the transcript with all that belongs to it. It renders anew only when something was
 * added to it.
 */
export const TranscriptItem = memo(
  function TranscriptItem(props: ItemProps) {
    const { node, target } = props;
    const { view } = node;
    const isOrphan = "parentToolId" in view.entry && view.entry.parentToolId !== undefined;
    return (
      <li
        id={`e${view.seq}`}
        tabIndex={-1}
        className={clsx(
          "group flex gap-3 py-1 [contain-intrinsic-size:auto_28px] [content-visibility:auto]",
          isOrphan && !props.isNested && "ml-4 border-l pl-3",
          target === view.seq && "-mx-2 rounded-sm bg-hover px-2",
        )}
      >
        <div className="min-w-0 flex-1">
          <EntryBody {...props} />
        </div>
        <a
          href={`#e${view.seq}`}
          className="w-16 shrink-0 text-right text-xs text-faint hover:text-ink hover:underline max-md:hidden"
        >
          <RelativeTime at={view.at} />
        </a>
      </li>
    );
  },
  (one, other) =>
    one.node.view === other.node.view &&
    one.node.result === other.node.result &&
    one.node.size === other.node.size &&
    one.message === other.message &&
    one.isRunEnded === other.isRunEnded &&
    findTarget(one) === findTarget(other),
);

function findTarget({ node, target }: ItemProps): number | null {
  return target !== null && holdsEntry(node, target) ? target : null;
}

function EntryBody(props: ItemProps) {
  const { node, message, isRunEnded } = props;
  const { entry } = node.view;
  switch (entry.kind) {
    case "message":
      return (
        <Marked
          Icon={User}
          word={message ? <SaidBy message={message} /> : "To the agent"}
          aside={message && <MessageReceipt message={message} />}
        >
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
      return (
        <ToolCall
          call={entry}
          result={node.result}
          isRunEnded={isRunEnded}
          isOpen={findTarget(props) !== null}
        >
          {node.children.length > 0 && <SubAgent {...props} />}
        </ToolCall>
      );
    case "tool_result":
      return (
        <Fold summary={<span className="text-quiet">Result · {firstLine(entry.text)}</span>}>
          <pre className="font-mono text-xs whitespace-pre-wrap">{entry.text}</pre>
        </Fold>
      );
    default:
      return <Remark entry={entry} />;
  }
}

/** What a sub-agent did, below the call that began it; drawn only when it is opened. */
function SubAgent({ node: { children }, isRunEnded, target }: ItemProps) {
  const isNamed = target !== null && children.some((child) => holdsEntry(child, target));
  const [isOpened, setIsOpened] = useState(isNamed);
  const isOpen = isOpened || isNamed;
  return (
    <details
      open={isOpen}
      onToggle={(event) => setIsOpened(event.currentTarget.open)}
      className="my-1 border-l pl-3"
    >
      <summary className="text-xs text-quiet hover:text-ink">
        Sub-agent · {children.length} {children.length === 1 ? "entry" : "entries"}
      </summary>
      {isOpen && (
        <ol>
          {children.map((child) => (
            <TranscriptItem
              key={child.view.seq}
              node={child}
              isRunEnded={isRunEnded}
              target={target}
              isNested
            />
          ))}
        </ol>
      )}
    </details>
  );
}

type RemarkKind = "permission_denied" | "trimmed" | "notice" | "error" | "result";

/** What is told about the agent's work rather than by it. */
function Remark({ entry }: { entry: Extract<TranscriptEntry, { kind: RemarkKind }> }) {
  switch (entry.kind) {
    case "permission_denied":
      return (
        <Marked Icon={ShieldX} tone="text-warn" word={`Not allowed: ${entry.tool}`}>
          <p className="text-quiet">{entry.reason}</p>
          {entry.input !== null && <ToolInput name={entry.tool} input={entry.input} />}
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

function firstLine(text: string): string {
  return text.trimStart().split("\n", 1)[0]?.slice(0, 200) ?? "";
}
