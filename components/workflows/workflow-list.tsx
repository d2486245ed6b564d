"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/components/live/trpc";
import { agentNames } from "@/components/runs/agent-names";
import { useMember } from "@/components/shell/member";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cell, Row, Table } from "@/components/ui/table";

const columns = [
  { name: "Name", width: "220px" },
  { name: "Description" },
  { name: "Agent", width: "132px" },
  { name: "Workspace", width: "108px" },
  { name: "Runs", width: "72px", isNumeric: true },
  { name: "Last run", width: "104px" },
  { name: "Actions", width: "80px", isHidden: true },
];

export function WorkflowList() {
  const trpc = useTRPC();
  const { isAdmin, mayOperate } = useMember();
  const query = useQuery(trpc.workflows.list.queryOptions({ limit: 200 }));
  const items = query.data?.items;
  const create = isAdmin && <ButtonLink href="/workflows/new">New workflow</ButtonLink>;
  return (
    <>
      <PageHeader title="Workflows">{create}</PageHeader>
      {!items && query.isError && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {!items && !query.isError && <SkeletonRows rows={6} label="Loading the workflows" />}
      {items?.length === 0 && (
        <EmptyState title="There is no workflow yet." action={create}>
          A workflow is a saved recipe: which agent, with what prompt, limits and workspace. Every
          edit makes a new version, and a run keeps the one it began with.
          {!isAdmin && " An admin makes them."}
        </EmptyState>
      )}
      {items && items.length > 0 && (
        <Table label="Workflows" columns={columns}>
          {items.map((workflow) => (
            <Row key={workflow.id}>
              <Cell>
                <Link href={`/workflows/${workflow.name}`} className="row-link font-medium">
                  {workflow.name}
                </Link>
                <span className="text-faint">@{workflow.version}</span>
              </Cell>
              <Cell className="text-quiet max-md:w-full" title={workflow.description}>
                {workflow.description}
              </Cell>
              <Cell className="text-quiet">{agentNames[workflow.agent]}</Cell>
              <Cell className="text-quiet max-md:hidden">{workflow.workspace}</Cell>
              <Cell isNumeric className="text-quiet max-md:hidden">
                {workflow.runs}
              </Cell>
              <Cell className="text-quiet">
                <RelativeTime at={workflow.lastRunAt} />
              </Cell>
              <Cell>
                {mayOperate && (
                  <span className="relative z-10 flex md:justify-end">
                    <ButtonLink size="small" href={`/runs/new?workflow=${workflow.name}`}>
                      Run
                    </ButtonLink>
                  </span>
                )}
              </Cell>
            </Row>
          ))}
        </Table>
      )}
    </>
  );
}
