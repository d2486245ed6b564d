"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/notify";
import type { RunView } from "@/server/domain/run-view";

/** Until when a run waits, and a way to wait no longer. */
export function TimeWait({ run: { id, availableAt } }: { run: RunView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const tryNow = useMutation(
    trpc.runs.tryNow.mutationOptions({
      onSuccess: () => void queryClient.invalidateQueries({ queryKey: trpc.runs.pathKey() }),
      onError: (error) => void notify.failure(error),
    }),
  );
  return (
    <>
      {availableAt && (
        <time dateTime={availableAt.toISOString()} title={availableAt.toISOString()}>
          until {spellTime(availableAt)}
        </time>
      )}
      <Button size="small" disabled={tryNow.isPending} onClick={() => tryNow.mutate({ id })}>
        Try now
      </Button>
    </>
  );
}

/** In the reader's time zone; the day only where it is another one. */
function spellTime(at: Date): string {
  const isToday = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(undefined, {
    timeStyle: "short",
    ...(isToday ? {} : { dateStyle: "medium" }),
  });
}
