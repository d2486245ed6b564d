import { randomUUID } from "node:crypto";
import { and, count, eq, isNull, like } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { violatedConstraint } from "@/db/errors";
import { restores } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { BadInput, Conflict, DomainError } from "@/server/domain/errors";
import { parseBranchName } from "@/server/domain/git-names";
import { runIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import {
  nameRestoredBranch,
  type RestoreView,
  restorePointSchema,
  restoreWaySchema,
} from "@/server/domain/restore";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { getRestore } from "./get-restore";
import { type RestorePoint, resolveRestorePoint } from "./resolve-restore-point";

export const restoreRunInputSchema = z.strictObject({
  runId: runIdSchema,
  /** Default: the run's head. */
  at: restorePointSchema.nullish(),
  way: restoreWaySchema,
  /** The branch to make; needed for the way “branch”. */
  branch: z.string().nullish(),
  /** A repeated key gives back the first restore. */
  idempotencyKey: z.string().min(1).max(200).nullish(),
});
type RestoreInput = z.infer<typeof restoreRunInputSchema>;
type Restore = typeof restores.$inferSelect;

/**
 * Brings a run's work back, at its head or at any recorded commit or snapshot: as a branch in the mirror,
 * or as a new workspace with a session of its own, in which runs can go on. What an earlier call of the
 * same left half done is completed.
 * @throws NotFound, Unprocessable, BadInput; Conflict with a free name when the branch's is taken;
 *   Unavailable when the host is away.
 */
export async function restoreRun(
  context: VerbContext,
  input: z.input<typeof restoreRunInputSchema>,
): Promise<RestoreView> {
  const parsed = parseInput(restoreRunInputSchema, input);
  const point = await resolveRestorePoint(context.db, parsed.runId, parsed.at ?? null);
  const branch = readBranch(parsed);
  const restore =
    (await findEarlier(context, parsed, point, branch)) ??
    (await insertRestore(context, parsed, point, branch));
  await askHost(context, {
    kind: "restore_run",
    input: { restoreId: restore.id },
    workerId: restore.workerId,
    takeWithinSeconds: 30,
    answerWithinSeconds: 300,
  }).catch(async (error: unknown) => {
    await forgetRefused(context, restore, error);
    throw error;
  });
  return getRestore(context.db, { id: restore.id });
}

/** A name that cannot be had is given up, so that it blocks nobody; anything else is tried again. */
async function forgetRefused({ db }: VerbContext, restore: Restore, error: unknown): Promise<void> {
  const isFinal = error instanceof DomainError && ["conflict", "not_found"].includes(error.code);
  if (!isFinal) return;
  await db
    .delete(restores)
    .where(
      and(eq(restores.id, restore.id), eq(restores.state, "asked"), isNull(restores.workspaceId)),
    );
}

function readBranch({ way, branch }: RestoreInput): string | null {
  if (branch) return parseBranchName(branch);
  if (way === "workspace") return null;
  throw new BadInput("Say what the branch is to be called.", {
    fields: { branch: "A name is needed." },
  });
}

/** The same request before: under its key, or of the same name, or half done when its host died. */
async function findEarlier(
  { db }: VerbContext,
  input: RestoreInput,
  { run, sha }: RestorePoint,
  branch: string | null,
): Promise<Restore | null> {
  const isSame = (restore: Restore) =>
    restore.runId === run.id && restore.sha === sha && restore.way === input.way;
  if (input.idempotencyKey) {
    const [keyed] = await db
      .select()
      .from(restores)
      .where(eq(restores.idempotencyKey, input.idempotencyKey));
    if (keyed && isSame(keyed)) return keyed;
    if (keyed) {
      throw new Conflict("This idempotency key was used for another request.", {
        hint: "Use a new key for a new request.",
      });
    }
  }
  const ofPoint = and(eq(restores.runId, run.id), eq(restores.sha, sha));
  const rows = await db
    .select()
    .from(restores)
    .where(branch ? and(ofPoint, eq(restores.branch, branch)) : ofPoint);
  const mayBe = rows.filter((one) => isSame(one) && (branch !== null || one.state === "asked"));
  return mayBe[0] ?? null;
}

async function insertRestore(
  context: VerbContext,
  input: RestoreInput,
  point: RestorePoint,
  branch: string | null,
): Promise<Restore> {
  try {
    return await context.db.transaction((tx) => insertInside(context, tx, input, point, branch));
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint !== "restores_branch" && constraint !== "restores_idempotency_key") throw error;
    const same = await findEarlier(context, input, point, branch);
    if (same) return same;
    throw new Conflict("Another restore has made a branch of this name.", {
      fields: { branch: "The name is taken." },
      hint: "Choose another name.",
      cause: error,
    });
  }
}

async function insertInside(
  { actor, now }: VerbContext,
  tx: Transaction,
  input: RestoreInput,
  { run, sha, workerId }: RestorePoint,
  branch: string | null,
): Promise<Restore> {
  const id = randomUUID();
  const [made] = await tx
    .insert(restores)
    .values({
      id,
      runId: run.id,
      repositoryId: run.repositoryId,
      sha,
      way: input.way,
      branch: branch ?? (await nameNext(tx, run, sha)),
      workerId,
      idempotencyKey: input.idempotencyKey ?? null,
      askedBy: nameActor(actor),
      askedAt: now,
    })
    .returning();
  if (!made) throw new Error("an insert gave no row back");
  await recordAudit(tx, {
    actor,
    action: "run.restore_asked",
    target: `run:${run.id}`,
    facts: { sha, way: input.way, branch: made.branch, restore: id },
    now,
  });
  return made;
}

async function nameNext(tx: Transaction, run: RestorePoint["run"], sha: string): Promise<string> {
  const stem = nameRestoredBranch(run.number, sha, 0);
  const [earlier] = await tx
    .select({ count: count() })
    .from(restores)
    .where(and(eq(restores.repositoryId, run.repositoryId), like(restores.branch, `${stem}%`)));
  return nameRestoredBranch(run.number, sha, earlier?.count ?? 0);
}
