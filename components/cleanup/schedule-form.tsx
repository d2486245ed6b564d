"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { notify } from "@/components/ui/notify";
import { SkeletonRows } from "@/components/ui/skeleton";
import { type Schedule, ScheduleFields } from "./schedule-fields";

const gibibyte = 1024 ** 3;
/** When cleanups begin by themselves, and how full disks and database may get. */
export function ScheduleForm() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { isAdmin } = useMember();
  const settings = useQuery(trpc.cleanup.settings.queryOptions());
  const [draft, setDraft] = useState<Partial<Schedule>>({});
  const save = useMutation(
    trpc.cleanup.setSettings.mutationOptions({
      onSuccess: () => {
        setDraft({});
        void queryClient.invalidateQueries({ queryKey: trpc.cleanup.pathKey() });
        void notify.success("Saved.");
      },
    }),
  );
  if (!settings.data) return <SkeletonRows rows={2} label="Loading the settings" />;
  const { maxTotalOutputBytes: limit } = settings.data;
  const value: Schedule = {
    mode: settings.data.mode,
    at: settings.data.at,
    minFree: String(settings.data.minFreeBytes / gibibyte),
    maxOutput: limit === null ? "" : String(limit / gibibyte),
    ...draft,
  };
  const fields = save.error ? readError(save.error).fields : {};
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({
      mode: value.mode,
      at: value.at,
      minFreeBytes: Math.round(Number(value.minFree) * gibibyte),
      maxTotalOutputBytes:
        value.maxOutput.trim() === "" ? null : Math.round(Number(value.maxOutput) * gibibyte),
    });
  };
  return (
    <form onSubmit={send} className="border-b px-4 py-3">
      <ScheduleFields
        value={value}
        fields={fields}
        isLocked={!isAdmin}
        onChange={(changed) => setDraft({ ...draft, ...changed })}
      />
      {save.error && <ErrorNote error={save.error} />}
      {isAdmin && Object.keys(draft).length > 0 && (
        <footer className="mt-3 flex gap-2">
          <Button type="submit" look="primary" disabled={save.isPending}>
            Save
          </Button>
          <Button onClick={() => setDraft({})}>Discard</Button>
        </footer>
      )}
    </form>
  );
}
