import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { workspaces } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { workspaceIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { WorkspaceView } from "@/server/domain/views";
import { readWorkspaceViews } from "./read-workspace-views";

export const getWorkspaceInputSchema = z.strictObject({ id: workspaceIdSchema });

/** @throws NotFound */
export async function getWorkspace(
  db: Executor,
  input: z.input<typeof getWorkspaceInputSchema>,
): Promise<WorkspaceView> {
  const { id } = parseInput(getWorkspaceInputSchema, input);
  const [view] = await readWorkspaceViews(db, { where: eq(workspaces.id, id), limit: 1 });
  if (!view) throw new NotFound("workspace", id);
  return view;
}
