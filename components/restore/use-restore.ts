"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { makeKey } from "@/components/runs/make-key";
import type { RestoreChoice } from "./way-fields";

/** Brings a run's work back at a point; a patch is made first, so that a failure is told here. */
export function useRestore(runId: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [key, setKey] = useState(makeKey);
  const restore = useMutation(
    trpc.runs.restore.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.workspaces.list.pathKey() }),
      onError: () => setKey(makeKey()),
    }),
  );
  const patch = useMutation(
    trpc.runs.preparePatch.mutationOptions({
      onSuccess: (_, { at }) =>
        window.location.assign(`/api/v1/runs/${runId}/patch?at=${at ?? ""}`),
    }),
  );
  return {
    submit: (at: string, way: RestoreChoice, name: string) => {
      const branch = name.trim() || undefined;
      if (way === "patch") patch.mutate({ id: runId, at });
      else restore.mutate({ id: runId, at, way, branch, idempotencyKey: key });
    },
    errorOf: (way: RestoreChoice) => (way === "patch" ? patch.error : restore.error),
    isBusy: restore.isPending || patch.isPending,
    hasPatch: patch.isSuccess,
    made: restore.data,
  };
}
