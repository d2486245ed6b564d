import { eq, or } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { repositories } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { printable } from "@/server/domain/git-names";
import { repositoryIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { RepositoryView } from "@/server/domain/views";
import { filterTextSchema } from "@/server/runs/filter-text";
import { readRepositoryViews } from "./read-repository-views";

/** `name` takes a repository's id too. */
export const getRepositoryInputSchema = z.strictObject({ name: filterTextSchema });

/** @throws NotFound */
export async function getRepository(
  db: Executor,
  input: z.input<typeof getRepositoryInputSchema>,
): Promise<RepositoryView> {
  const { name } = parseInput(getRepositoryInputSchema, input);
  const id = repositoryIdSchema.safeParse(name);
  const byName = eq(repositories.name, name);
  const [view] = await readRepositoryViews(db, {
    where: id.success ? or(eq(repositories.id, id.data), byName) : byName,
    limit: 1,
  });
  if (!view) {
    throw new NotFound("repository", printable(name), {
      hint: "“coppice repo list” and the page Repositories name those that are registered.",
    });
  }
  return view;
}
