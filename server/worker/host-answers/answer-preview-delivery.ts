import { eq } from "drizzle-orm";
import { z } from "zod";
import { repositories, runs } from "@/db/schema";
import { connectForge } from "@/server/delivery/forge/connect-forge";
import { decideUndo } from "@/server/domain/decide-undo";
import { askedKindSchema, type DeliveryPreview, mergeMethodSchema } from "@/server/domain/delivery";
import { NotFound, Unprocessable } from "@/server/domain/errors";
import { deliveryIdSchema, type RunId, runIdSchema, type Sha } from "@/server/domain/ids";
import { compareCommits } from "@/server/workspaces/compare-commits";
import { readOriginBranches } from "@/server/workspaces/read-origin-branches";
import { requireCommits } from "@/server/workspaces/require-commits";
import type { WorkerContext } from "../context";
import { listOurs, loadDeliveryWork } from "../delivery/load-delivery-work";
import { type PreviewedWork, previewWork } from "../delivery/preview-work";
import { openRedactorOf } from "../open-run-redactor";

const aimSchema = z.looseObject({
  runId: runIdSchema,
  kind: askedKindSchema,
  method: mergeMethodSchema.nullable(),
  target: z.string(),
  base: z.string().nullable(),
});
const undoSchema = z.looseObject({ undoOf: deliveryIdSchema, isRevert: z.boolean() });

/** What a delivery, or the undo of one, would do: looked at and merged in the mirror, nothing pushed. */
export async function answerPreviewDelivery(
  context: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const undo = undoSchema.safeParse(input);
  const preview = undo.success
    ? await previewUndo(context, undo.data)
    : await previewAim(context, aimSchema.parse(input));
  const redactor = await openRedactorOf(context, await findRunId(context, input));
  const redactText = (text: string) => redactor.redactText(text);
  const conflicts = preview.conflicts.map(({ path, hunks }) => ({
    path,
    hunks: hunks.map(redactText),
  }));
  const commits = preview.commits.map((one) => ({ ...one, title: redactText(one.title) }));
  return { ...preview, conflicts, commits };
}

async function previewAim(
  context: WorkerContext,
  { runId, kind, method, target, base }: z.infer<typeof aimSchema>,
): Promise<DeliveryPreview> {
  const [row] = await context.db
    .select({ run: runs, repository: repositories })
    .from(runs)
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .where(eq(runs.id, runId));
  if (!row) throw new NotFound("run", runId);
  const { run, repository } = row;
  const { headCommit: sourceSha, sessionId } = run;
  if (!sourceSha) throw new Unprocessable("The run has no commits to deliver.");
  const by = "preview";
  const delivery = { kind, method, target, sourceSha, by, askedAt: run.createdAt };
  const ours = await listOurs(context.db, sessionId, target);
  return look(context, { run, repository, delivery, ours, undone: null, base, said: null });
}

async function previewUndo(
  context: WorkerContext,
  { undoOf, isRevert }: z.infer<typeof undoSchema>,
): Promise<DeliveryPreview> {
  const { home } = context;
  const { delivery: undone, run, repository, ours } = await loadDeliveryWork(context.db, undoOf);
  const place = { home, repositoryId: repository.id, origin: repository.origin };
  const { target, resultSha } = undone;
  const branches = await readOriginBranches(place);
  const now = branches.get(target) ?? null;
  const isResultInTarget =
    now !== null &&
    resultSha !== null &&
    (await compareCommits({ ...place, first: resultSha, second: now })).onlyInFirst === 0;
  const decided = decideUndo(undone, { target: now, isResultInTarget }, isRevert);
  const delivery = {
    ...{ kind: "undo" as const, method: decided.method, target, by: "preview" },
    sourceSha: resultSha ?? undone.sourceSha,
    askedAt: undone.askedAt,
  };
  return look(context, { run, repository, delivery, ours, undone, base: null, said: decided });
}

async function look(
  context: WorkerContext,
  work: Omit<PreviewedWork, "home" | "mayOpenPullRequest">,
): Promise<DeliveryPreview> {
  const { home } = context;
  const { repository, delivery } = work;
  const { origin, id: repositoryId } = repository;
  await requireCommits(home, repositoryId, [delivery.sourceSha as Sha]);
  const branches = await readOriginBranches({ home, repositoryId, origin });
  const mayOpenPullRequest = connectForge(context.environment, origin) !== null;
  return previewWork({ ...work, home, mayOpenPullRequest }, branches);
}

/** The run whose secrets the files in conflict may show. */
async function findRunId(context: WorkerContext, input: Record<string, unknown>): Promise<RunId> {
  const undo = undoSchema.safeParse(input);
  if (!undo.success) return aimSchema.parse(input).runId;
  return (await loadDeliveryWork(context.db, undo.data.undoOf)).run.id;
}
