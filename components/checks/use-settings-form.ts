"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { notify } from "@/components/ui/notify";

/** A repository's settings, and how a form saves its part of them. */
export function useSettingsForm(repository: string, onSaved: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { isAdmin } = useMember();
  const settings = useQuery(trpc.repositories.settings.queryOptions({ name: repository }));
  const save = useMutation(
    trpc.repositories.change.mutationOptions({
      onSuccess: (changed) => {
        const queryKey = trpc.repositories.settings.queryKey({ name: repository });
        queryClient.setQueryData(queryKey, changed);
        onSaved();
        void notify.success("Saved.");
      },
    }),
  );
  const fields = save.error ? readError(save.error).fields : {};
  return { settings, save, fields, isLocked: !isAdmin };
}
