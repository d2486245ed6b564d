import { and, eq, isNull, lt, type SQL } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { secrets } from "@/db/schema";

/** As long as a run that was given the value may go on, and its work be looked at first. */
const memoryMs = 30 * 24 * 3600 * 1000;

/**
 * Takes the present value of a secret out of use; false when there is none. It is kept, encrypted, for
 * thirty days, to be covered in what is stored; values retired longer ago are deleted here.
 */
export async function retireSecret(
  tx: Transaction,
  { isOf, name, now }: { isOf: SQL; name: string; now: Date },
): Promise<boolean> {
  await tx
    .delete(secrets)
    .where(and(isOf, lt(secrets.retiredAt, new Date(now.getTime() - memoryMs))));
  const retired = await tx
    .update(secrets)
    .set({ retiredAt: now })
    .where(and(isOf, eq(secrets.name, name), isNull(secrets.retiredAt)))
    .returning({ id: secrets.id });
  return retired.length > 0;
}
