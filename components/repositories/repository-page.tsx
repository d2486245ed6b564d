"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { useMember } from "@/components/shell/member";
import { ButtonLink } from "@/components/ui/button-link";
import { Copyable } from "@/components/ui/copyable";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RepositoryView } from "@/server/domain/views";
import { KeepAtOriginButton } from "./keep-at-origin-button";
import { RepositorySections } from "./repository-sections";

/** A repository: where it is, and what is set for its workspaces, its checks and all else. */
export function RepositoryPage({ name }: { name: string }) {
  const trpc = useTRPC();
  const { isAdmin, mayOperate } = useMember();
  const query = useQuery(trpc.repositories.get.queryOptions({ name }));
  const repository = query.data;
  if (!repository) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <SkeletonRows rows={8} label="Loading the repository" />
    );
  }
  return (
    <>
      <PageHeader title={repository.name}>
        {isAdmin && <KeepAtOriginButton repository={repository} />}
        <ButtonLink look="quiet" href={`/runs?repository=${repository.name}`}>
          Its runs
        </ButtonLink>
        {mayOperate && (
          <ButtonLink look="primary" href={`/runs/new?repository=${repository.name}`}>
            New run
          </ButtonLink>
        )}
      </PageHeader>
      <RepositoryFacts repository={repository} />
      <RepositorySections name={repository.name} />
      <p className="px-4 py-3 text-xs text-faint">
        <Link href="/repositories" className="underline">
          All repositories
        </Link>
      </p>
    </>
  );
}

function RepositoryFacts({ repository }: { repository: RepositoryView }) {
  const { origin, defaultBranch, worker, keptAtOriginSince, createdBy, createdAt } = repository;
  return (
    <dl className="grid grid-cols-[120px_minmax(0,1fr)] gap-x-4 gap-y-1 border-b px-4 py-3">
      <dt className="text-faint">Origin</dt>
      <dd className="min-w-0">
        <Copyable text={origin} what="the origin" />
      </dd>
      <dt className="text-faint">Default branch</dt>
      <dd className="font-mono text-xs leading-5">{defaultBranch}</dd>
      <dt className="text-faint">Host</dt>
      <dd>{worker ? `that of worker ${worker}` : "any worker reaches it"}</dd>
      <dt className="text-faint">Work is kept</dt>
      <dd>
        {keptAtOriginSince ? (
          <>
            at the origin too, since <RelativeTime at={keptAtOriginSince} />
          </>
        ) : (
          "on its hosts alone"
        )}
      </dd>
      <dt className="text-faint">Registered</dt>
      <dd>
        <RelativeTime at={createdAt} /> by <ActorName actor={createdBy} />
      </dd>
      <dt className="text-faint">Runs</dt>
      <dd>{repository.runs}</dd>
    </dl>
  );
}
