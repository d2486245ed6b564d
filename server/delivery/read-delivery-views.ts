import { asc, eq, type SQL } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { deliveries, repositories } from "@/db/schema";
import type { DeliveryView } from "@/server/domain/delivery";
import { composeCompareUrl } from "@/server/domain/forge-links";

const maxDeliveries = 200;

/** The deliveries that meet a condition, oldest first, 200 at most. */
export async function readDeliveryViews(db: Executor, where: SQL): Promise<DeliveryView[]> {
  const rows = await db
    .select({
      delivery: deliveries,
      origin: repositories.origin,
      defaultBranch: repositories.defaultBranch,
    })
    .from(deliveries)
    .innerJoin(repositories, eq(repositories.id, deliveries.repositoryId))
    .where(where)
    .orderBy(asc(deliveries.askedAt), asc(deliveries.id))
    .limit(maxDeliveries);
  return rows.map(({ delivery, origin, defaultBranch }) =>
    toView(delivery, origin, defaultBranch, rows),
  );
}

type Row = typeof deliveries.$inferSelect;

function toView(
  row: Row,
  origin: string,
  defaultBranch: string,
  all: { delivery: Row }[],
): DeliveryView {
  const isTakenBack = all.some(
    ({ delivery }) =>
      delivery.undoOf === row.id && ["planned", "running", "delivered"].includes(delivery.state),
  );
  const isDelivered = row.state === "delivered" && row.kind !== "undo" && !isTakenBack;
  const hasBranch =
    row.state === "delivered" && (row.kind === "push" || row.kind === "pull_request");
  return {
    ...pick(row),
    isByPolicy: row.attemptId !== null,
    pullRequest: toPullRequest(row),
    compareUrl: hasBranch ? composeCompareUrl(origin, row.base ?? defaultBranch, row.target) : null,
    mayUndo: row.state === "planned" || (isDelivered && row.oldSha !== row.resultSha),
    mayResolve: row.state === "conflict" && row.kind !== "undo",
  };
}

function pick(row: Row) {
  const { id, runId, kind, method, target, base, state, undoOf, sourceSha, oldSha } = row;
  const { resultSha, conflicts, problem, hint, tries, nextTryAt, by, askedAt, endedAt } = row;
  const { undoneBy, undoneAt } = row;
  return {
    ...{ id, runId, kind, method, target, base, state, undoOf, sourceSha, oldSha, resultSha },
    ...{ conflicts, problem, hint, tries, nextTryAt, by, askedAt, endedAt, undoneBy, undoneAt },
  };
}

function toPullRequest(row: Row): DeliveryView["pullRequest"] {
  const { pullRequestNumber: number, pullRequestUrl: url, pullRequestState: state } = row;
  if (number === null || url === null || state === null) return null;
  return { number, url, state, checkedAt: row.pullRequestCheckedAt };
}
