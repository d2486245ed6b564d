import { eq } from "drizzle-orm";
import type { z } from "zod";
import { repositories, repositorySettings } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import {
  type RepositorySettings,
  type RepositorySettingsView,
  repositorySettingsSchema,
} from "@/server/domain/workspace-commands";
import type { VerbContext } from "@/server/runs/context";
import { getRepository, getRepositoryInputSchema } from "./get-repository";
import { getRepositorySettings, readRepositorySettings } from "./get-repository-settings";

const { setUp, setUpWhen, tearDown, bringAlong, checks, checkRounds } =
  repositorySettingsSchema.shape;

/** What is not given stays as it is; null takes a script away. */
export const changeRepositoryInputSchema = getRepositoryInputSchema.extend({
  setUp: setUp.removeDefault().optional(),
  setUpWhen: setUpWhen.removeDefault().optional(),
  tearDown: tearDown.removeDefault().optional(),
  bringAlong: bringAlong.removeDefault().optional(),
  checks: checks.removeDefault().optional(),
  checkRounds: checkRounds.removeDefault().optional(),
});

/**
 * Changes a repository's set-up, tear-down, files brought along or checks. A run takes them as they are
 * when it needs them. The audit log keeps the commands, before and after.
 * @throws NotFound; BadInput for a command, path or check that is not allowed.
 */
export async function changeRepository(
  context: VerbContext,
  input: z.input<typeof changeRepositoryInputSchema>,
): Promise<RepositorySettingsView> {
  const { name: key, ...wanted } = parseInput(changeRepositoryInputSchema, input);
  const { db, actor, now } = context;
  const { name } = await getRepository(db, { name: key });
  const given = Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => value !== undefined),
  ) as Partial<RepositorySettings>;
  await db.transaction(async (tx) => {
    // The row of the repository is the lock: two admins change one after the other.
    const [repository] = await tx
      .select({ id: repositories.id })
      .from(repositories)
      .where(eq(repositories.name, name))
      .for("update");
    if (!repository) throw new NotFound("repository", name);
    const before = await readRepositorySettings(tx, repository.id);
    const changed = listChanges(before, given);
    if (Object.keys(changed).length === 0) return;
    const row = { ...before, ...given, changedBy: nameActor(actor), changedAt: now };
    await tx
      .insert(repositorySettings)
      .values({ repositoryId: repository.id, ...row })
      .onConflictDoUpdate({ target: repositorySettings.repositoryId, set: row });
    await recordAudit(tx, {
      actor,
      action: "repository.changed",
      target: `repository:${name}`,
      facts: changed,
      now,
    });
  });
  return getRepositorySettings(db, { name });
}

function listChanges(before: RepositorySettings, given: Partial<RepositorySettings>) {
  return Object.fromEntries(
    Object.entries(given).flatMap(([field, to]) => {
      const from = before[field as keyof RepositorySettings];
      return JSON.stringify(from) === JSON.stringify(to) ? [] : [[field, { from, to }]];
    }),
  );
}
