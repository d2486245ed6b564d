import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { workers } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";

export const workerNameSchema = z.string().trim().min(1).max(80);

/** The channel by which a worker hears at once that something about it was decided; payload: its name. */
export const workerControlChannel = "coppice_worker_control";

/** A worker's row, locked until the transaction ends. @throws NotFound */
export async function findWorker(tx: Transaction, name: string) {
  const [worker] = await tx.select().from(workers).where(eq(workers.name, name)).for("update");
  if (worker) return worker;
  throw new NotFound("worker", name, { hint: "“coppice workers” lists them." });
}
