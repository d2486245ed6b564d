"use client";
import dynamic from "next/dynamic";
import { loadAgain } from "@/components/ui/load-again";
import { Skeleton } from "@/components/ui/skeleton";

const loading = () => <Skeleton className="m-4 h-24" />;
const SecretList = dynamic(
  () => loadAgain(() => import("./secret-list")).then((module) => module.SecretList),
  { ssr: false, loading },
);
const AgentConfigs = dynamic(
  () =>
    loadAgain(() => import("@/components/agent-configs/agent-configs")).then(
      (module) => module.AgentConfigs,
    ),
  { ssr: false, loading },
);

/** What a repository gives its runs' agents beside its files: the team's secrets, its own settings. */
export function RepositoryGivenSections({ name }: { name: string }) {
  return (
    <>
      <SecretList scope={{ kind: "repository", of: name }} />
      <AgentConfigs repository={name} />
    </>
  );
}

export function WorkflowGivenSections({ name }: { name: string }) {
  return <SecretList scope={{ kind: "workflow", of: name }} />;
}
