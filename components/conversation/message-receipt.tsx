"use client";
import { clsx } from "clsx";
import {
  Check,
  CheckCheck,
  CircleSlash,
  Clock,
  type LucideIcon,
  TriangleAlert,
} from "lucide-react";
import { ActorName } from "@/components/runs/actor-name";
import { type Tone, tones } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import type { MessageState, MessageView } from "@/server/domain/conversation";
import { findSince, messageWords } from "./message-words";

const dress = {
  queued: { Icon: Clock, tone: "idle" },
  handed_over: { Icon: Check, tone: "live" },
  read: { Icon: CheckCheck, tone: "good" },
  undelivered: { Icon: TriangleAlert, tone: "warn" },
  withdrawn: { Icon: CircleSlash, tone: "idle" },
} as const satisfies Record<MessageState, { Icon: LucideIcon; tone: Tone }>;

/** How far a message has come, and since when; what that means is told on hover. */
export function MessageReceipt({ message }: { message: MessageView }) {
  const { word, meaning } = messageWords[message.state];
  const { Icon, tone } = dress[message.state];
  return (
    <span
      data-receipt={message.state}
      title={meaning}
      className="inline-flex shrink-0 items-center gap-1 text-xs"
    >
      <Icon aria-hidden className={clsx("size-3.5", tones[tone])} />
      <span className={clsx("font-medium", tones[tone])}>{word}</span>
      <RelativeTime at={findSince(message)} className="text-faint" />
    </span>
  );
}

/** Who sent a message. */
export function SaidBy({ message: { by, editedAt } }: { message: MessageView }) {
  return (
    <span>
      {by === "coppice" ? "Coppice" : <ActorName actor={by} />} to the agent
      {editedAt && <span className="font-normal text-faint"> (edited)</span>}
    </span>
  );
}
