"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import type { WaitingQuestionView } from "@/server/domain/conversation";

const none: WaitingQuestionView[] = [];

/** The questions of all runs that wait for an answer; wakes keep them fresh. */
export function useWaiting(): {
  items: WaitingQuestionView[];
  all: WaitingQuestionView[];
  isKnown: boolean;
} {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.conversation.waiting.queryOptions({}));
  const all = data?.items ?? none;
  // One that was just answered here stays in the list until it is read again.
  return { items: all.filter(({ state }) => state === "open"), all, isKnown: data !== undefined };
}
