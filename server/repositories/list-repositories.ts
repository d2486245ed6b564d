import { gt } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { repositories } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import type { RepositoryView } from "@/server/domain/views";
import { filterTextSchema } from "@/server/runs/filter-text";
import { cutPage, type Page, pageFields, readPageCursor } from "@/server/runs/page-cursor";
import { readRepositoryViews } from "./read-repository-views";

export const listRepositoriesInputSchema = z.strictObject(pageFields);

const nameKeySchema = z.tuple([filterTextSchema]);

/** One page of the registered repositories, by name. @throws BadInput */
export async function listRepositories(
  db: Executor,
  input: z.input<typeof listRepositoriesInputSchema>,
): Promise<Page<RepositoryView>> {
  const { cursor, limit } = parseInput(listRepositoriesInputSchema, input);
  const after = readPageCursor(nameKeySchema, cursor);
  const rows = await readRepositoryViews(db, {
    where: after ? gt(repositories.name, after[0]) : undefined,
    limit: limit + 1,
  });
  return cutPage(rows, limit, (repository) => [repository.name]);
}
