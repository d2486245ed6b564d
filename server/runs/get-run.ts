import { z } from "zod";
import type { Executor } from "@/db/client";
import type { Actor } from "@/server/domain/actor";
import { NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { RunView } from "@/server/domain/run-view";
import { readRunView } from "./read-run-view";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const getRunInputSchema = z.strictObject({ id: runKeySchema });

/**
 * A run by its id or number, as JSON for every interface.
 * @throws NotFound
 */
export async function getRun(
  db: Executor,
  input: z.input<typeof getRunInputSchema>,
  actor: Actor,
): Promise<RunView> {
  const { id } = parseInput(getRunInputSchema, input);
  const view = await readRunView(db, await resolveRunId(db, id), actor);
  if (!view) throw new NotFound("run", String(id));
  return view;
}
