"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import type { ConversationView } from "@/server/domain/conversation";
import { addMessage, changeMessage } from "./optimistic-acts";

/** Sends, edits and withdraws messages; each shows at once and goes back when it fails. */
export function useMessages(runId: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { name } = useMember();
  const queryKey = trpc.conversation.view.queryKey({ runId });

  const show = async (change: (view: ConversationView) => ConversationView) => {
    await queryClient.cancelQueries({ queryKey });
    const before: ConversationView | undefined = queryClient.getQueryData(queryKey);
    queryClient.setQueryData(queryKey, (view) => view && change(view));
    return { before };
  };
  const undo = (_error: unknown, _input: unknown, shown?: { before?: ConversationView }) => {
    queryClient.setQueryData(queryKey, shown?.before);
  };
  const settle = () => queryClient.invalidateQueries({ queryKey });

  const steer = useMutation(
    trpc.conversation.steer.mutationOptions({
      onMutate: ({ text, idempotencyKey }) => {
        const id = `sending:${idempotencyKey}`;
        const message = { id, runId, text, by: `member:${name}`, now: new Date() };
        return show((view) => addMessage(view, message));
      },
      onError: undo,
      onSettled: settle,
    }),
  );
  const edit = useMutation(
    trpc.conversation.edit.mutationOptions({
      onMutate: ({ messageId, text }) =>
        show((view) => changeMessage(view, messageId, { text, editedAt: new Date() })),
      onError: undo,
      onSettled: settle,
    }),
  );
  const withdraw = useMutation(
    trpc.conversation.withdraw.mutationOptions({
      onMutate: ({ messageId }) =>
        show((view) => changeMessage(view, messageId, { state: "withdrawn", endedAt: new Date() })),
      onError: undo,
      onSettled: settle,
    }),
  );
  const interrupt = useMutation(trpc.conversation.interrupt.mutationOptions({ onSettled: settle }));
  return { steer, edit, withdraw, interrupt };
}

export type Messages = ReturnType<typeof useMessages>;
