import { z } from "zod";
import type { Executor } from "@/db/client";
import { NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { WorkerView } from "@/server/domain/views";
import { workerNameSchema } from "./find-worker";
import { listWorkers } from "./list-workers";

export const getWorkerInputSchema = z.strictObject({ name: workerNameSchema });

/** @throws NotFound */
export async function getWorker(
  db: Executor,
  input: z.input<typeof getWorkerInputSchema>,
): Promise<WorkerView> {
  const { name } = parseInput(getWorkerInputSchema, input);
  const { items } = await listWorkers(db);
  const worker = items.find((one) => one.name === name);
  if (worker) return worker;
  throw new NotFound("worker", name, { hint: "“coppice workers” lists them." });
}
