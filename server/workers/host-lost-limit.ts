import { z } from "zod";
import type { Executor } from "@/db/client";
import { installation } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";

export const hostLostLimitSchema = z.strictObject({
  /** A host that is silent for this long is declared lost by itself; null: only a person declares it. */
  minutes: z.int().min(5).max(43_200).nullable(),
});
export type HostLostLimit = z.infer<typeof hostLostLimitSchema>;

export async function readHostLostLimit(db: Executor): Promise<HostLostLimit> {
  const [row] = await db.select({ minutes: installation.hostLostAfterMinutes }).from(installation);
  return { minutes: row?.minutes ?? null };
}

export async function setHostLostLimit(
  { db, actor, now }: VerbContext,
  input: z.input<typeof hostLostLimitSchema>,
): Promise<HostLostLimit> {
  const { minutes } = parseInput(hostLostLimitSchema, input);
  await db.transaction(async (tx) => {
    const before = await readHostLostLimit(tx);
    await recordAudit(tx, {
      actor,
      action: "installation.host_lost_limit_set",
      target: "installation",
      facts: { from: before.minutes, to: minutes },
      now,
    });
    await tx.update(installation).set({ hostLostAfterMinutes: minutes });
  });
  return { minutes };
}
