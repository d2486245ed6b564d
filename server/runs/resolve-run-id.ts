import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { runs } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { printable } from "@/server/domain/git-names";
import { type RunId, runIdSchema } from "@/server/domain/ids";

/** How callers name a run: its id, or its number with or without “#”. */
export const runKeySchema = z.union([z.string().max(200), z.int().min(0)]);
export type RunKey = z.infer<typeof runKeySchema>;

/** @throws NotFound */
export async function resolveRunId(db: Executor, key: RunKey): Promise<RunId> {
  const text = String(key).trim();
  const id = runIdSchema.safeParse(text);
  const number = /^#?(\d{1,15})$/.exec(text)?.[1];
  const which = id.success ? eq(runs.id, id.data) : number ? eq(runs.number, Number(number)) : null;
  const [run] = which ? await db.select({ id: runs.id }).from(runs).where(which) : [];
  if (run) return run.id;
  throw new NotFound("run", printable(text), {
    hint: "Give a run id or a number such as #42; “coppice show” and the search box take any id.",
  });
}
