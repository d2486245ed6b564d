"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pin, PinOff } from "lucide-react";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/notify";

/** Keeps a workspace from every cleanup, or lets go of it. */
export function PinButton({ workspaceId, isPinned }: { workspaceId: string; isPinned: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const set = useMutation(
    trpc.cleanup.setPin.mutationOptions({
      onSuccess: () =>
        void queryClient.invalidateQueries({ queryKey: trpc.cleanup.dues.pathKey() }),
      onError: notify.failure,
    }),
  );
  const Icon = isPinned ? PinOff : Pin;
  const what = isPinned ? "Unpin: cleanups may remove it" : "Pin: no cleanup removes it";
  return (
    <Button
      look="quiet"
      size="small-icon"
      aria-label={what}
      title={what}
      aria-pressed={isPinned}
      disabled={set.isPending}
      onClick={() => set.mutate({ workspaceId, isPinned: !isPinned })}
    >
      <Icon aria-hidden className="size-3.5" />
    </Button>
  );
}
