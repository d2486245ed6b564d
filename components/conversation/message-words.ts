import type { MessageState, MessageView, Steering } from "@/server/domain/conversation";

/** What each state of a message is called, and what it means for whoever sent it. */
export const messageWords = {
  queued: { word: "Queued", meaning: "The agent does not have it yet. You may change it." },
  handed_over: { word: "Handed over", meaning: "Written to the agent, which has not read it yet." },
  read: { word: "Read", meaning: "The agent has read it." },
  undelivered: { word: "Not delivered", meaning: "The agent ended without having read it." },
  withdrawn: { word: "Withdrawn", meaning: "It was taken back before the agent had it." },
} as const satisfies Record<MessageState, { word: string; meaning: string }>;

/** When the agent takes in what is said to it now. */
export const steeringWords: Record<Steering, string> = {
  next_step: "The agent reads it at its next step.",
  next_turn: "The agent reads it as its next turn, once it is done with this one.",
  never: "This agent reads no messages while it works.",
};

/** When a message came into the state it is in. */
export function findSince(message: MessageView): Date {
  const { state, createdAt, editedAt, handedOverAt, readAt, endedAt } = message;
  if (state === "queued") return editedAt ?? createdAt;
  if (state === "handed_over") return handedOverAt ?? createdAt;
  return (state === "read" ? readAt : endedAt) ?? createdAt;
}
