"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { notify } from "@/components/ui/notify";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import { CleanupHistory } from "./cleanup-history";
import { CleanupItems } from "./cleanup-items";
import { CleanupSummary } from "./cleanup-summary";
import { DiskList } from "./disk-list";
import { PolicyList } from "./policy-list";
import { ScheduleForm } from "./schedule-form";

/** What fills the disks, what retention would remove and did remove, and how long things are kept. */
export function CleanupPage() {
  const trpc = useTRPC();
  const { isAdmin } = useMember();
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useQuery(
    trpc.cleanup.list.queryOptions(
      { limit: 20 },
      {
        refetchInterval: ({ state }) =>
          state.data?.items.some(({ status }) => status === "running") ? 1_000 : 15_000,
      },
    ),
  );
  const items = list.data?.items;
  const shown = items?.find(({ id }) => id === chosen) ?? items?.[0];
  return (
    <>
      <PageHeader title="Cleanup">{isAdmin && <LookButton onLooked={setChosen} />}</PageHeader>
      <Section title="Disks" aside="where they are heading, by the last seven days">
        <DiskList />
      </Section>
      <Section title={shown?.status === "reported" ? "What is due" : "Cleanup"}>
        {!items && list.isError && (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        )}
        {!items && !list.isError && <SkeletonRows rows={4} label="Loading what is due" />}
        {items && !shown && (
          <EmptyState title="Nobody has looked yet what is due.">
            A dry run lists what retention would remove, how much it takes and why. It changes
            nothing.
          </EmptyState>
        )}
        {shown && (
          <>
            <CleanupSummary key={shown.id} cleanup={shown} />
            <CleanupItems cleanup={shown} />
          </>
        )}
      </Section>
      {items && items.length > 1 && (
        <Section title="Earlier">
          <CleanupHistory items={items} shown={shown?.id ?? ""} onChoose={setChosen} />
        </Section>
      )}
      <Section title="By itself">
        <ScheduleForm />
      </Section>
      <Section
        title="How long things are kept"
        aside="a workflow's policy goes before a repository's"
      >
        <PolicyList />
      </Section>
    </>
  );
}

function LookButton({ onLooked }: { onLooked: (id: string) => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const start = useMutation(
    trpc.cleanup.start.mutationOptions({
      onSuccess: ({ id }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.cleanup.list.queryKey() });
        onLooked(id);
      },
      onError: notify.failure,
    }),
  );
  return (
    <Button
      look="primary"
      disabled={start.isPending}
      onClick={() => start.mutate({ isDryRun: true })}
    >
      {start.isPending ? "Looking…" : "Dry run"}
    </Button>
  );
}
