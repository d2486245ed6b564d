import { eq } from "drizzle-orm";
import { z } from "zod";
import { runs } from "@/db/schema";
import type { FileChange } from "@/server/domain/diff";
import { Conflict, NotFound } from "@/server/domain/errors";
import { runIdSchema, shaSchema } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import { diffRange } from "@/server/workspaces/diff-range";
import type { WorkerContext } from "../context";
import { openRunRedactor } from "../open-run-redactor";

const inputSchema = z.looseObject({
  runId: runIdSchema,
  from: shaSchema.nullish(),
  to: shaSchema.nullish(),
  isSpaceIgnored: z.boolean().default(false),
  path: z.string().nullish(),
});

/** What changed between two commits of a run, by default its base and its head, out of this host's mirror. */
export async function answerDiffRun(
  context: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const asked = inputSchema.parse(input);
  const [run] = await context.db.select().from(runs).where(eq(runs.id, asked.runId));
  if (!run) throw new NotFound("run", asked.runId);
  const from = asked.from ?? run.baseCommit;
  const to = asked.to ?? run.headCommit;
  if (!from || !to) {
    throw new Conflict("The run has no recorded work yet.", { hint: "Look again when it ends." });
  }
  const diff = await diffRange({
    home: context.home,
    repositoryId: run.repositoryId,
    ...{ from, to, path: asked.path, isSpaceIgnored: asked.isSpaceIgnored },
    maxBytes: asked.path ? limits.maxFilePatchBytes : limits.maxPatchBytes,
  });
  const redactor = await openRunRedactor(context, run);
  const redactText = (text: string) => redactor.redactText(text);
  return { ...diff, patch: redactText(diff.patch), changes: redactNames(diff.changes, redactText) };
}

/** Names hold a secret nearly never, so that all of them are looked at as one text first. */
function redactNames(changes: FileChange[], redact: (text: string) => string): FileChange[] {
  const names = changes.flatMap(({ path, previousPath }) => [path, previousPath ?? ""]).join("\0");
  if (redact(names) === names) return changes;
  return changes.map((change) => ({
    ...change,
    path: redact(change.path),
    previousPath: change.previousPath && redact(change.previousPath),
  }));
}
