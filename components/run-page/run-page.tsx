"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useTRPC } from "@/components/live/trpc";
import { loadAgain } from "@/components/ui/load-again";
import { Skeleton } from "@/components/ui/skeleton";
import { type Tab, Tabs, tabPanelProps } from "@/components/ui/tabs";
import type { RunView } from "@/server/domain/run-view";
import { EndNote } from "./end-note";
import { IdentityCard } from "./identity-card";
import { RunHeader } from "./run-header";
import { useTab } from "./use-tab";

const TranscriptPanel = dynamic(
  () =>
    loadAgain(() => import("@/components/transcript/transcript-panel")).then(
      (module) => module.TranscriptPanel,
    ),
  { ssr: false, loading: () => <Skeleton className="m-4 h-96" /> },
);
const RunDock = dynamic(
  () =>
    loadAgain(() => import("@/components/conversation/run-dock")).then((module) => module.RunDock),
  { ssr: false },
);
const OutputPanel = dynamic(
  () =>
    loadAgain(() => import("@/components/output/output-panel")).then(
      (module) => module.OutputPanel,
    ),
  { ssr: false, loading: () => <Skeleton className="m-4 h-96" /> },
);
const ChangesPanel = dynamic(
  () =>
    loadAgain(() => import("@/components/diff/changes-panel")).then(
      (module) => module.ChangesPanel,
    ),
  { ssr: false, loading: () => <Skeleton className="m-4 h-96" /> },
);
const CommitsPanel = dynamic(
  () =>
    loadAgain(() => import("@/components/diff/commits-panel")).then(
      (module) => module.CommitsPanel,
    ),
  { ssr: false, loading: () => <Skeleton className="m-4 h-96" /> },
);
const ChecksPanel = dynamic(
  () =>
    loadAgain(() => import("@/components/checks/checks-panel")).then(
      (module) => module.ChecksPanel,
    ),
  { ssr: false, loading: () => <Skeleton className="m-4 h-96" /> },
);
const TimelinePanel = dynamic(
  () => loadAgain(() => import("./timeline-panel")).then((module) => module.TimelinePanel),
  { ssr: false, loading: () => <Skeleton className="m-4 h-96" /> },
);

const EvidencePanel = dynamic(
  () => loadAgain(() => import("./evidence-panel")).then((module) => module.EvidencePanel),
  { ssr: false, loading: () => <div className="min-h-8 border-b" /> },
);

const DeliveryPanel = dynamic(
  () =>
    loadAgain(() => import("@/components/delivery/delivery-panel")).then(
      (module) => module.DeliveryPanel,
    ),
  { ssr: false, loading: () => <div className="min-h-9 border-b" /> },
);

const tabNames = ["activity", "output", "changes", "commits", "checks", "timeline"] as const;
type TabName = (typeof tabNames)[number];

/** Everything about one run: how it stands, all its ids, and what it said, wrote and changed. */
export function RunPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.runs.get.queryOptions({ id }));
  const run = query.data;
  if (!run) return <Skeleton className="m-4 h-96" />;
  return (
    <div className="flex flex-col lg:h-[calc(100dvh-3rem)]">
      <RunHeader run={run} />
      <EvidencePanel run={run} />
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <EndNote run={run} />
          {run.endedAt && (run.commits ?? 0) > 0 && <DeliveryPanel run={run} />}
          <RunTabs run={run} />
        </div>
        <IdentityCard run={run} />
      </div>
    </div>
  );
}

function RunTabs({ run }: { run: RunView }) {
  const isShell = run.agent === "shell";
  const [tab, setTab] = useTab(tabNames, isShell ? "output" : "activity");
  const tabs: Tab<TabName>[] = [
    {
      name: "activity",
      label: "Activity",
      count: run.transcriptEntries || null,
      mark: run.status === "waiting" ? "The agent waits for you" : null,
    },
    { name: "output", label: "Output" },
    { name: "changes", label: "Changes", count: run.filesChanged },
    { name: "commits", label: "Commits", count: run.commits },
    ...(run.commands > 0
      ? [{ name: "checks" as const, label: "Checks", count: run.commands }]
      : []),
    { name: "timeline", label: "Timeline" },
  ];
  return (
    <>
      <Tabs
        label="Parts of the run"
        tabs={isShell ? tabs.filter((one) => one.name !== "activity" || one.count) : tabs}
        selected={tab}
        onSelect={setTab}
      />
      <div
        {...tabPanelProps(tab)}
        className="flex min-h-0 flex-1 flex-col max-lg:h-[75dvh] max-lg:flex-none"
      >
        {tab === "activity" && (
          <>
            <TranscriptPanel run={run} />
            <RunDock run={run} />
          </>
        )}
        {tab === "output" && <OutputPanel run={run} />}
        {tab === "changes" && <ChangesPanel run={run} />}
        {tab === "commits" && <CommitsPanel run={run} />}
        {tab === "checks" && <ChecksPanel run={run} />}
        {tab === "timeline" && <TimelinePanel run={run} />}
      </div>
    </>
  );
}
