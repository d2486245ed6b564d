"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import type { ConversationView } from "@/server/domain/conversation";
import { type Answer, settleQuestion } from "./optimistic-acts";

/**
 * Answers questions, wherever they are shown: each shows as settled at once. One that failed is open
 * again, with its error, until the next try or until it is put aside.
 */
export function useAnswers() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { name } = useMember();
  const [failures, setFailures] = useState<ReadonlyMap<string, unknown>>(new Map());
  const putAside = useCallback(
    (id: string) => setFailures((known) => new Map([...known].filter(([other]) => other !== id))),
    [],
  );
  const all = { queryKey: trpc.conversation.pathKey() };

  const show = async (given: Answer) => {
    putAside(given.questionId);
    await queryClient.cancelQueries(all);
    const before = queryClient.getQueriesData(all);
    const who = { by: `member:${name}`, now: new Date() };
    queryClient.setQueriesData<ConversationView>(
      { queryKey: trpc.conversation.view.pathKey() },
      (view) => view && { ...view, questions: settleQuestion(view.questions, given, who) },
    );
    queryClient.setQueryData(
      trpc.conversation.waiting.queryKey({}),
      (waiting) => waiting && { ...waiting, items: settleQuestion(waiting.items, given, who) },
    );
    return { before };
  };
  const { mutate, isPending, variables } = useMutation(
    trpc.conversation.answer.mutationOptions({
      onMutate: ({ questionId, decision, text }) =>
        show({ questionId, decision, ...(text ? { text } : {}) }),
      onError: (error, { questionId }, shown) => {
        for (const [key, data] of shown?.before ?? []) queryClient.setQueryData(key, data);
        setFailures((known) => new Map(known).set(questionId, error));
      },
      onSettled: () => queryClient.invalidateQueries(all),
    }),
  );
  return {
    answer: (given: Answer) => mutate(given),
    pendingId: isPending ? variables.questionId : null,
    failures,
    putAside,
  };
}
