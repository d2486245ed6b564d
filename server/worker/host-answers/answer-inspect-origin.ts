import { z } from "zod";
import { inspectOrigin } from "@/server/workspaces/inspect-origin";
import type { WorkerContext } from "../context";

const inputSchema = z.looseObject({ origin: z.string() });

/** Looks at a repository from this host before it is registered. */
export async function answerInspectOrigin(
  context: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { origin } = inputSchema.parse(input);
  const facts = await inspectOrigin({ home: context.home, origin });
  return { ...facts, workerId: context.worker.id };
}
