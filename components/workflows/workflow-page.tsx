"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { WorkflowGivenSections } from "@/components/secrets/given-sections";
import { useMember } from "@/components/shell/member";
import { ButtonLink } from "@/components/ui/button-link";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import { WorkflowDefinitionView } from "./workflow-definition-view";

/** A workflow: what it says now, and every version that it said before. */
export function WorkflowPage({ name }: { name: string }) {
  const trpc = useTRPC();
  const { isAdmin, mayOperate } = useMember();
  const query = useQuery(trpc.workflows.get.queryOptions({ name }));
  const versions = useQuery(trpc.workflows.versions.queryOptions({ name, limit: 100 }));
  const workflow = query.data;
  if (!workflow) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <SkeletonRows rows={8} label="Loading the workflow" />
    );
  }
  return (
    <>
      <PageHeader
        title={
          <>
            {workflow.name}
            <span className="font-normal text-faint">@{workflow.version}</span>
          </>
        }
      >
        <ButtonLink look="quiet" href={`/runs?workflow=${workflow.name}`}>
          Its runs
        </ButtonLink>
        {isAdmin && <ButtonLink href={`/workflows/${workflow.name}/edit`}>Edit</ButtonLink>}
        {mayOperate && (
          <ButtonLink look="primary" href={`/runs/new?workflow=${workflow.name}`}>
            Run it
          </ButtonLink>
        )}
      </PageHeader>
      {workflow.description && (
        <p className="border-b px-4 py-3 text-quiet">{workflow.description}</p>
      )}
      <WorkflowDefinitionView definition={workflow} />
      <WorkflowGivenSections name={workflow.name} />
      <Section title="Versions" aside={versions.data?.items.length}>
        <ul>
          {versions.data?.items.map((version) => (
            <li key={version.version} className="border-b px-4 py-2">
              <details>
                <summary className="flex flex-wrap gap-x-4">
                  <span className="w-20 font-medium">Version {version.version}</span>
                  <RelativeTime at={version.createdAt} className="w-24 text-quiet" />
                  <span className="text-quiet">
                    by <ActorName actor={version.createdBy} />
                  </span>
                </summary>
                <WorkflowDefinitionView definition={version} />
              </details>
            </li>
          ))}
        </ul>
        {versions.data?.nextCursor && (
          <p className="px-4 py-2 text-xs text-faint">Older versions: see the API.</p>
        )}
      </Section>
      <p className="px-4 py-3 text-xs text-faint">
        A run points at one version for ever.{" "}
        <Link href="/workflows" className="underline">
          All workflows
        </Link>
      </p>
    </>
  );
}
