"use client";
import { Hand } from "lucide-react";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/notify";
import type { ConversationView } from "@/server/domain/conversation";
import { Composer } from "./composer";
import { steeringWords } from "./message-words";
import type { Messages } from "./use-messages";
import { useTextKey } from "./use-text-key";

/** Speaks to an agent while it works, and interrupts it. */
export function SteerComposer({
  runId,
  view,
  messages: { steer, interrupt },
  isPaused,
}: {
  runId: string;
  view: ConversationView;
  messages: Messages;
  /** It was interrupted and waits for words. */
  isPaused: boolean;
}) {
  const { keyOf, forget } = useTextKey();
  const send = (text: string) =>
    steer.mutateAsync({ runId, text, idempotencyKey: keyOf(text) }).then(
      () => {
        forget();
        return true;
      },
      () => false, // the mutation's error stands above the box
    );
  return (
    <Composer
      label="Message to the agent"
      draft={runId}
      note={isPaused ? "The agent goes on with it at once." : steeringWords[view.steering]}
      action="Send"
      isBusy={steer.isPending}
      error={steer.error}
      onSend={send}
    >
      {view.mayInterrupt && (
        <Button
          disabled={interrupt.isPending}
          aria-label="Interrupt"
          title="End the agent's turn, but not the run: queued messages come next; without one it waits"
          className="max-md:px-2"
          onClick={() =>
            interrupt.mutate({ runId }, { onError: (error) => void notify.failure(error) })
          }
        >
          <Hand aria-hidden className="size-3.5" />
          <span className="max-md:hidden">
            {interrupt.isPending ? "Interrupting…" : "Interrupt"}
          </span>
        </Button>
      )}
    </Composer>
  );
}
