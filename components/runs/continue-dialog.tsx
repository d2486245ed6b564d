"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTRPC } from "@/components/live/trpc";
import { Dialog } from "@/components/ui/dialog";
import { MessageForm } from "./message-form";
import type { ActedRun } from "./run-dialogs";

/** A new message to the same conversation, in the same workspace. */
export function ContinueDialog({ run, onClose }: { run: ActedRun; onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const next = useMutation(
    trpc.sessions.continue.mutationOptions({
      onSuccess: (made) => router.push(`/runs/${made.id}`),
    }),
  );
  return (
    <Dialog title={`Continue after #${run.number}`} isOpen onClose={onClose} width="max-w-xl">
      <MessageForm
        initialMessage=""
        action="Send and run"
        isBusy={next.isPending || next.isSuccess}
        error={next.error}
        onClose={onClose}
        onSubmit={(message) => next.mutate({ id: run.sessionId, message })}
      >
        <p className="text-xs text-faint">
          The agent goes on in the same workspace and with all it knows of this session.
        </p>
      </MessageForm>
    </Dialog>
  );
}
