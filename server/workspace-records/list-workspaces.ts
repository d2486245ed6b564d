import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { repositories, workspaces } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import type { WorkspaceView } from "@/server/domain/views";
import { workspaceStateSchema } from "@/server/domain/workspace";
import { filterTextSchema } from "@/server/runs/filter-text";
import {
  createdKeySchema,
  cutPage,
  type Page,
  pageFields,
  readPageCursor,
} from "@/server/runs/page-cursor";
import { readWorkspaceViews } from "./read-workspace-views";

export const listWorkspacesInputSchema = z.strictObject({
  repository: filterTextSchema.optional(),
  state: workspaceStateSchema.optional(),
  ...pageFields,
});

/** One page of workspaces, newest first, removed ones included. @throws BadInput */
export async function listWorkspaces(
  db: Executor,
  input: z.input<typeof listWorkspacesInputSchema>,
): Promise<Page<WorkspaceView>> {
  const { repository, state, cursor, limit } = parseInput(listWorkspacesInputSchema, input);
  const after = readPageCursor(createdKeySchema, cursor);
  const where = and(
    repository ? eq(repositories.name, repository) : undefined,
    state ? eq(workspaces.state, state) : undefined,
    after
      ? sql`(${workspaces.createdAt}, ${workspaces.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
      : undefined,
  );
  const rows = await readWorkspaceViews(db, { where, limit: limit + 1 });
  return cutPage(rows, limit, (workspace) => [workspace.createdAt.toISOString(), workspace.id]);
}
