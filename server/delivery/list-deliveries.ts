import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { deliveries } from "@/db/schema";
import type { DeliveryView } from "@/server/domain/delivery";
import { parseInput } from "@/server/domain/parse-input";
import { resolveRunId, runKeySchema } from "@/server/runs/resolve-run-id";
import { readDeliveryViews } from "./read-delivery-views";

export const listDeliveriesInputSchema = z.strictObject({ id: runKeySchema });

/** The deliveries of a run, oldest first. @throws NotFound */
export async function listDeliveries(
  db: Executor,
  input: z.input<typeof listDeliveriesInputSchema>,
): Promise<{ items: DeliveryView[] }> {
  const { id } = parseInput(listDeliveriesInputSchema, input);
  const runId = await resolveRunId(db, id);
  return { items: await readDeliveryViews(db, eq(deliveries.runId, runId)) };
}
