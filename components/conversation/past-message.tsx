"use client";
import { useMutation } from "@tanstack/react-query";
import { CirclePlay, User } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Marked } from "@/components/transcript/marked";
import { PlainText } from "@/components/transcript/plain-text";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorNote } from "@/components/ui/error-note";
import type { MessageView } from "@/server/domain/conversation";
import { MessageReceipt, SaidBy } from "./message-receipt";

/**
 * A message that the transcript does not tell of. One that was not delivered is not lost: it can begin
 * the next run.
 */
export function PastMessage({ message, sessionId }: { message: MessageView; sessionId: string }) {
  return (
    <Marked
      Icon={User}
      word={<SaidBy message={message} />}
      aside={<MessageReceipt message={message} />}
    >
      <div className={message.state === "withdrawn" ? "text-faint line-through" : undefined}>
        <PlainText text={message.text} />
      </div>
      {message.state === "undelivered" && <SendAgain message={message} sessionId={sessionId} />}
    </Marked>
  );
}

function SendAgain({ message, sessionId }: { message: MessageView; sessionId: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { mayOperate } = useMember();
  const next = useMutation(
    trpc.sessions.continue.mutationOptions({ onSuccess: (run) => router.push(`/runs/${run.id}`) }),
  );
  return (
    <div className="mt-1 flex flex-col gap-1.5">
      {next.error ? <ErrorNote error={next.error} /> : null}
      <div className="flex items-center gap-1">
        {mayOperate && (
          <Button
            size="small"
            disabled={next.isPending || next.isSuccess}
            onClick={() =>
              next.mutate({
                id: sessionId,
                message: message.text,
                // Whoever presses it, and however often: one run.
                idempotencyKey: `undelivered:${message.id}`,
              })
            }
          >
            <CirclePlay aria-hidden className="size-3.5" />
            Send in a new run
          </Button>
        )}
        <CopyButton text={message.text} what="the message" />
      </div>
    </div>
  );
}
