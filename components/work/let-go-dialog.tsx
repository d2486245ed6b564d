"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { notify } from "@/components/ui/notify";
import type { WorkEntryView } from "@/server/domain/work";

/** Asks an operator for the word that some work may be lost. */
export function LetGoDialog({
  entries,
  onClose,
}: {
  entries: WorkEntryView[];
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [why, setWhy] = useState("");
  const letGo = useMutation(
    trpc.work.letGo.mutationOptions({
      onSuccess: ({ changed }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.work.pathKey() });
        void notify.success(
          `${changed.length} ${changed.length === 1 ? "entry counts" : "entries count"} as no risk now.`,
        );
        onClose();
      },
    }),
  );
  const [first] = entries;
  return (
    <ConfirmDialog
      title={entries.length === 1 ? "Let this work go" : `Let ${entries.length} entries go`}
      action="Let go"
      isOpen
      isBusy={letGo.isPending}
      error={letGo.error}
      onClose={onClose}
      onConfirm={() => letGo.mutate({ ids: entries.map(({ id }) => id), why })}
    >
      <p>
        Nothing is removed now. It no longer counts as at risk, and a later cleanup may take what
        holds it. You can take this back until then.
      </p>
      {first && (
        <p className="truncate text-quiet">
          {entries.length === 1 ? first.title : `Run #${first.run.number}, ${first.title} and more`}
        </p>
      )}
      <Field label="Why it may be lost">
        {(control) => (
          <Input
            {...control}
            required
            maxLength={500}
            value={why}
            onChange={(event) => setWhy(event.target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
