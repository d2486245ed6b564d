import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { LiveProvider } from "@/components/live/live-provider";
import { QueryProvider } from "@/components/live/query-provider";
import { VocabularyProvider } from "@/components/runs/vocabulary";
import { AppShell } from "@/components/shell/app-shell";
import { ClockProvider } from "@/components/ui/clock";
import { endReasonFacts } from "@/server/domain/end-reasons";
import { waitReasonLabels } from "@/server/domain/run";
import { findReader, readPosition } from "../trpc-server";

export const dynamic = "force-dynamic";

export default async function SignedInLayout({ children }: { children: ReactNode }) {
  const reader = await findReader();
  if (!reader) redirect("/sign-in");
  return (
    <QueryProvider>
      <LiveProvider since={await readPosition()} member={reader.id}>
        <ClockProvider renderedAtMs={Date.now()}>
          <VocabularyProvider
            vocabulary={{ endReasons: endReasonFacts, waitReasons: waitReasonLabels }}
          >
            <AppShell me={{ name: reader.name, role: reader.role }}>{children}</AppShell>
          </VocabularyProvider>
        </ClockProvider>
      </LiveProvider>
    </QueryProvider>
  );
}
