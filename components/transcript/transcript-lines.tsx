"use client";
import { Fragment } from "react";
import type { ConversationLine } from "@/components/conversation/join-conversation";
import { PastMessage } from "@/components/conversation/past-message";
import { SettledQuestion } from "@/components/conversation/settled-question";
import { TranscriptItem } from "./transcript-item";

/** The activity's lines, with a heading where another attempt begins. */
export function TranscriptLines({
  lines,
  sessionId,
  isRunEnded,
  target,
}: {
  lines: ConversationLine[];
  sessionId: string;
  isRunEnded: boolean;
  target: number | null;
}) {
  let attempt = 1;
  return (
    <ol>
      {lines.map((line) => {
        if (line.kind === "message") {
          return (
            <li key={line.key} className="py-1">
              <PastMessage message={line.message} sessionId={sessionId} />
            </li>
          );
        }
        if (line.kind === "question") {
          return (
            <li key={line.key} className="py-1" data-settled={line.question.state}>
              <SettledQuestion question={line.question} />
            </li>
          );
        }
        const isNext = line.node.view.attempt !== attempt;
        attempt = line.node.view.attempt;
        return (
          <Fragment key={line.key}>
            {isNext && (
              <li className="mt-3 mb-1 border-b pb-1 text-xs text-faint">Attempt {attempt}</li>
            )}
            <TranscriptItem
              node={line.node}
              message={line.message}
              isRunEnded={isRunEnded}
              target={target}
            />
          </Fragment>
        );
      })}
    </ol>
  );
}
