import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { and, eq, sql } from "drizzle-orm";
import { hostRequests } from "@/db/schema";
import { nameActor } from "@/server/domain/actor";
import { Unavailable } from "@/server/domain/errors";
import type { HostRequestKind } from "@/server/domain/host-request";
import type { WorkerId } from "@/server/domain/ids";
import type { VerbContext } from "@/server/runs/context";
import { findLiveWorkers } from "@/server/workers/find-live-workers";
import { reviveRefusal } from "./revive-refusal";

/** The channel on which workers hear of new requests; its payload is the request's id. */
export const hostRequestsChannel = "coppice_host_requests";

export interface HostQuestion {
  kind: HostRequestKind;
  input: Record<string, unknown>;
  /** Null: any worker may answer. */
  workerId: WorkerId | null;
  /** How long until a worker must have taken it. */
  takeWithinSeconds?: number;
  /** How long until it must have been answered. */
  answerWithinSeconds?: number;
}

const pollMs = 50;

/**
 * Asks a worker for what needs its host and waits for the answer. A request that nobody took in time
 * is withdrawn, so that it is not carried out later behind the asker's back.
 * @throws Unavailable when no worker is there or none answered in time; else the very error by which
 *   the worker refused.
 */
export async function askHost(
  { db, actor, now }: VerbContext,
  question: HostQuestion,
): Promise<Record<string, unknown>> {
  const { takeWithinSeconds = 10, answerWithinSeconds = 60 } = question;
  const [worker] = await findLiveWorkers(db, now, question.workerId);
  if (!worker) throw await nobodyThere(db, question.workerId);
  const id = await insertRequest({ db, actor, now }, question);
  const askedAtMs = performance.now();
  for (;;) {
    const request = await readRequest(db, id);
    if (request.status === "answered") return request.answer ?? {};
    if (request.status === "refused") throw reviveRefusal(request.answer);
    const waitedSeconds = (performance.now() - askedAtMs) / 1000;
    if (request.status === "asked" && waitedSeconds >= takeWithinSeconds) {
      if (await withdraw(db, id)) throw notTaken(takeWithinSeconds);
    } else if (waitedSeconds >= answerWithinSeconds) {
      throw notAnswered(answerWithinSeconds);
    }
    await delay(pollMs);
  }
}

async function insertRequest(
  { db, actor, now }: VerbContext,
  { kind, input, workerId }: HostQuestion,
): Promise<string> {
  const id = randomUUID();
  await db.transaction(async (tx) => {
    await tx
      .insert(hostRequests)
      .values({ id, workerId, kind, input, actor: nameActor(actor), askedAt: now });
    await tx.execute(sql`select pg_notify(${hostRequestsChannel}, ${id})`);
  });
  return id;
}

async function readRequest(db: VerbContext["db"], id: string) {
  const [request] = await db
    .select({ status: hostRequests.status, answer: hostRequests.answer })
    .from(hostRequests)
    .where(eq(hostRequests.id, id));
  if (!request) throw new Error(`host request ${id} was removed while it was waited for`);
  return request;
}

/** False when a worker took the request at the last moment: then its answer is waited for. */
async function withdraw(db: VerbContext["db"], id: string): Promise<boolean> {
  const withdrawn = await db
    .update(hostRequests)
    .set({
      status: "refused",
      answer: { code: "unavailable", message: "Nobody took the request in time." },
      endedAt: sql`now()`,
    })
    .where(and(eq(hostRequests.id, id), eq(hostRequests.status, "asked")))
    .returning({ id: hostRequests.id });
  return withdrawn.length > 0;
}

const startHint = "Start Coppice there (“coppice worker”), then try again.";

async function nobodyThere(db: VerbContext["db"], workerId: WorkerId | null): Promise<Unavailable> {
  if (!workerId) {
    return new Unavailable("No worker is running.", {
      hint: "Start one with “npm start” or “coppice worker”, then try again.",
    });
  }
  const worker = await db.query.workers.findFirst({ where: (t) => eq(t.id, workerId) });
  const who = worker ? `“${worker.name}” on ${worker.host}` : workerId;
  return new Unavailable(`The worker ${who} is away.`, { hint: startHint, facts: { workerId } });
}

function notTaken(seconds: number): Unavailable {
  return new Unavailable(`No worker took the request within ${seconds} s; nothing was done.`, {
    hint: "Look at the workers: they may be busy or cut off from the database. Then try again.",
  });
}

function notAnswered(seconds: number): Unavailable {
  return new Unavailable(`The worker has not answered within ${seconds} s.`, {
    hint: "It may still finish what it began. Look again in a moment.",
  });
}
