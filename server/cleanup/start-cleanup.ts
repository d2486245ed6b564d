import { z } from "zod";
import { violatedConstraint } from "@/db/errors";
import type { CleanupView } from "@/server/domain/cleanup";
import { Conflict } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { filterTextSchema } from "@/server/runs/filter-text";
import { getCleanup } from "./get-cleanup";
import { insertCleanup } from "./insert-cleanup";
import { findRepositoryId } from "./scope-ids";

export const startCleanupInputSchema = z.strictObject({
  /** Only this repository's leftovers. */
  repository: filterTextSchema.nullish(),
  /** Look only (the default); carry it out afterwards, by its id. */
  isDryRun: z.boolean().default(true),
});

/**
 * Looks at what is due and records it; unless it is a dry run, the workers begin at once.
 * @throws NotFound (repository); Conflict while another cleanup is being carried out.
 */
export async function startCleanup(
  context: VerbContext,
  input: z.input<typeof startCleanupInputSchema>,
): Promise<CleanupView> {
  const { repository, isDryRun } = parseInput(startCleanupInputSchema, input);
  const { db, actor, now } = context;
  const id = await refusingTwo(() =>
    db.transaction(async (tx) => {
      const repositoryId = repository ? await findRepositoryId(tx, repository) : null;
      return insertCleanup(tx, { actor, repositoryId, isDryRun, isScheduled: false, now });
    }),
  );
  return getCleanup(db, { id });
}

/** The unique index decides who is first. */
export async function refusingTwo<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) !== "cleanups_one_runs") throw error;
    throw new Conflict("Another cleanup is being carried out.", {
      hint: "Wait until it ends, or abort it.",
      cause: error,
    });
  }
}
