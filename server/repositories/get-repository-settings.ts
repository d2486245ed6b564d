import { eq } from "drizzle-orm";
import type { z } from "zod";
import type { Executor } from "@/db/client";
import { repositories, repositorySettings } from "@/db/schema";
import type { RepositoryId } from "@/server/domain/ids";
import {
  type RepositorySettings,
  type RepositorySettingsView,
  standardRepositorySettings,
} from "@/server/domain/workspace-commands";
import { getRepository, type getRepositoryInputSchema } from "./get-repository";

/** What admins have set for a repository; the standard where nobody has. @throws NotFound */
export async function getRepositorySettings(
  db: Executor,
  input: z.input<typeof getRepositoryInputSchema>,
): Promise<RepositorySettingsView> {
  const { name } = await getRepository(db, input);
  const [found] = await db
    .select({ row: repositorySettings })
    .from(repositorySettings)
    .innerJoin(repositories, eq(repositories.id, repositorySettings.repositoryId))
    .where(eq(repositories.name, name));
  if (!found) return { ...standardRepositorySettings, changedBy: null, changedAt: null };
  const { changedBy, changedAt } = found.row;
  return { ...settingsOf(found.row), changedBy, changedAt };
}

/** The same by id, without who changed it. */
export async function readRepositorySettings(
  db: Executor,
  repositoryId: RepositoryId,
): Promise<RepositorySettings> {
  const [row] = await db
    .select()
    .from(repositorySettings)
    .where(eq(repositorySettings.repositoryId, repositoryId));
  return row ? settingsOf(row) : standardRepositorySettings;
}

function settingsOf(row: typeof repositorySettings.$inferSelect): RepositorySettings {
  const { setUp, setUpWhen, tearDown, bringAlong, checks, checkRounds } = row;
  return { setUp, setUpWhen, tearDown, bringAlong, checks, checkRounds };
}
