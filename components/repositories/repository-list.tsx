"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { Copyable } from "@/components/ui/copyable";
import { Dialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cell, Row, Table } from "@/components/ui/table";
import { AddRepositoryForm } from "./add-repository-form";
import { KeepAtOriginButton } from "./keep-at-origin-button";

const columns = [
  { name: "Name", width: "200px" },
  { name: "Origin" },
  { name: "Default branch", width: "160px" },
  { name: "Runs", width: "72px", isNumeric: true },
  { name: "Last run", width: "104px" },
  { name: "Actions", width: "144px", isHidden: true },
];

export function RepositoryList() {
  const trpc = useTRPC();
  const { isAdmin, mayOperate } = useMember();
  const [isAdding, setIsAdding] = useState(false);
  const query = useQuery(trpc.repositories.list.queryOptions({ limit: 200 }));
  const items = query.data?.items;
  const add = isAdmin && (
    <Button look="plain" onClick={() => setIsAdding(true)}>
      Add a repository
    </Button>
  );
  return (
    <>
      <PageHeader title="Repositories">{add}</PageHeader>
      {!items && query.isError && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {!items && !query.isError && <SkeletonRows rows={6} label="Loading the repositories" />}
      {items?.length === 0 && (
        <EmptyState title="No repository is registered." action={add}>
          Coppice keeps a mirror of its own of each and works in isolated clones; your own checkout
          is never touched.
          {!isAdmin && " An admin adds them."}
        </EmptyState>
      )}
      {items && items.length > 0 && (
        <Table label="Repositories" columns={columns}>
          {items.map((repository) => (
            <Row key={repository.id}>
              <Cell className="font-medium">
                <Link href={`/repositories/${repository.name}`} className="row-link">
                  {repository.name}
                </Link>
              </Cell>
              <Cell>
                <Copyable text={repository.origin} what="the origin" />
              </Cell>
              <Cell className="font-mono text-xs">{repository.defaultBranch}</Cell>
              <Cell isNumeric className="text-quiet max-md:hidden">
                {repository.runs}
              </Cell>
              <Cell className="text-quiet">
                <RelativeTime at={repository.lastRunAt} />
              </Cell>
              <Cell>
                {mayOperate && (
                  <span className="relative z-10 flex gap-1 md:justify-end">
                    {isAdmin && <KeepAtOriginButton repository={repository} />}
                    <ButtonLink size="small" href={`/runs/new?repository=${repository.name}`}>
                      New run
                    </ButtonLink>
                  </span>
                )}
              </Cell>
            </Row>
          ))}
        </Table>
      )}
      <Dialog title="Add a repository" isOpen={isAdding} onClose={() => setIsAdding(false)}>
        <AddRepositoryForm onDone={() => setIsAdding(false)} />
      </Dialog>
    </>
  );
}
