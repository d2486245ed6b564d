import { and, asc, eq, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import { deliveries, repositories } from "@/db/schema";
import { connectForge } from "@/server/delivery/forge/connect-forge";
import { ForgeAway, ForgeRefused } from "@/server/delivery/forge/forge";
import { describeError } from "@/server/domain/errors";
import { appendEvent } from "@/server/runs/append-event";
import { type WorkerContext, workerActor } from "../context";
import type { Delivery } from "./load-delivery-work";
import { refreshLedger } from "./refresh-ledger";

const batchSize = 20;

/**
 * Asks the forge what became of the open pull requests of this host's deliveries, each at most once a
 * minute and only for what changed. While the forge is away all stay as they were.
 */
export async function followPullRequests(context: WorkerContext): Promise<void> {
  for (const { delivery, origin } of await listDue(context)) {
    try {
      await lookAt(context, delivery, origin);
    } catch (error) {
      if (!(error instanceof ForgeRefused) && !(error instanceof ForgeAway)) throw error;
      context.log(`pull request ${delivery.pullRequestUrl}: ${describeError(error)}`);
      await save(context, delivery, {});
      if (error instanceof ForgeAway) return;
    }
  }
}

function listDue({ db, worker }: WorkerContext) {
  return db
    .select({ delivery: deliveries, origin: repositories.origin })
    .from(deliveries)
    .innerJoin(repositories, eq(repositories.id, deliveries.repositoryId))
    .where(
      and(
        eq(deliveries.workerId, worker.id),
        eq(deliveries.pullRequestState, "open"),
        isNotNull(deliveries.pullRequestNumber),
        or(
          isNull(deliveries.pullRequestCheckedAt),
          lte(deliveries.pullRequestCheckedAt, sql`now() - interval '1 minute'`),
        ),
      ),
    )
    .orderBy(asc(deliveries.pullRequestCheckedAt))
    .limit(batchSize);
}

async function lookAt(context: WorkerContext, delivery: Delivery, origin: string): Promise<void> {
  const forge = connectForge(context.environment, origin);
  const { pullRequestNumber: number, pullRequestEtag: known } = delivery;
  if (!forge || number === null) return;
  const seen = await forge.read(number, known);
  if (!seen) return save(context, delivery, {});
  const { request, etag } = seen;
  const set = {
    pullRequestState: request.state,
    pullRequestUrl: request.url,
    pullRequestEtag: etag,
  };
  await save(context, delivery, set);
  if (request.state === "merged") await refreshLedger(context, delivery.repositoryId);
}

async function save(
  { db, ...context }: WorkerContext,
  { id, runId, pullRequestState: before, state, pullRequestNumber }: Delivery,
  set: Partial<Delivery>,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .update(deliveries)
      .set({ ...set, pullRequestCheckedAt: sql`now()` })
      .where(eq(deliveries.id, id));
    const to = set.pullRequestState;
    if (!to || to === before) return;
    await appendEvent(tx, {
      runId,
      kind: "delivery_moved",
      actor: workerActor({ db, ...context }),
      data: { delivery: id, state, text: `Pull request ${pullRequestNumber} is ${to}.` },
      now: new Date(),
    });
  });
}
