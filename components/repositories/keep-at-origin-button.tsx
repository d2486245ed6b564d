"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CloudOff, CloudUpload } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { RepositoryView } from "@/server/domain/views";

/** Sets whether work is pushed to the origin too, so that it outlives its host. */
export function KeepAtOriginButton({ repository }: { repository: RepositoryView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const keep = useMutation(
    trpc.repositories.keepAtOrigin.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.repositories.pathKey() });
        setIsAsking(false);
      },
    }),
  );
  const { name, keptAtOriginSince } = repository;
  const isKept = keptAtOriginSince !== null;
  const title = isKept
    ? `Work of ${name} is kept at its origin`
    : `Keep work of ${name} at its origin`;
  const Icon = isKept ? CloudUpload : CloudOff;
  return (
    <>
      <Button
        look="quiet"
        size="small-icon"
        aria-pressed={isKept}
        aria-label={title}
        title={title}
        onClick={() => setIsAsking(true)}
      >
        <Icon aria-hidden className={isKept ? "size-3.5 text-good" : "size-3.5"} />
      </Button>
      <ConfirmDialog
        title={isKept ? `Keep work of ${name} here only` : `Keep work of ${name} at its origin`}
        action={isKept ? "Push no more" : "Push it"}
        isOpen={isAsking}
        isBusy={keep.isPending}
        error={keep.error}
        onClose={() => setIsAsking(false)}
        onConfirm={() => keep.mutate({ name, isKept: !isKept })}
      >
        <p className="text-quiet">
          {isKept
            ? "Work of attempts that end from now on stays on its host alone. What was pushed stays at the origin."
            : "After each attempt, its commits and what it left uncommitted are pushed to the origin under refs/coppice/. No branch is touched. Another host can then go on when this one is lost. Whoever can read the origin can read that work."}
        </p>
      </ConfirmDialog>
    </>
  );
}
