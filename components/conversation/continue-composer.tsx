"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTRPC } from "@/components/live/trpc";
import { Composer } from "./composer";
import { useTextKey } from "./use-text-key";

/** Goes on with a session whose runs have ended: the message begins the next run. */
export function ContinueComposer({
  sessionId,
  staysHere = false,
}: {
  sessionId: string;
  /** The page shows the new run itself; without it the run's own page is opened. */
  staysHere?: boolean;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { keyOf, forget } = useTextKey();
  const next = useMutation(
    trpc.sessions.continue.mutationOptions({
      onSuccess: (run) =>
        staysHere
          ? queryClient.invalidateQueries({ queryKey: trpc.sessions.get.pathKey() })
          : router.push(`/runs/${run.id}`),
    }),
  );
  const send = (message: string) =>
    next.mutateAsync({ id: sessionId, message, idempotencyKey: keyOf(message) }).then(
      () => {
        forget();
        return true;
      },
      () => false, // the mutation's error stands above the box
    );
  return (
    <Composer
      label="Continue the session"
      draft={`session.${sessionId}`}
      note="A new run in the same workspace; the agent goes on with all it knows of this session."
      action="Send and run"
      isBusy={next.isPending || (next.isSuccess && !staysHere)}
      error={next.error}
      onSend={send}
    />
  );
}
