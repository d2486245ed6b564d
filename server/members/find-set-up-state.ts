import { and, isNotNull, isNull, notExists } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { installation, members } from "@/db/schema";

/** Whether the one-time set-up link still works: nobody has an account, and it was not used. */
export async function findSetUpState(db: Executor): Promise<{ isOpen: boolean }> {
  const [open] = await db.select({ id: installation.id }).from(installation).where(isSetUpOpen(db));
  return { isOpen: open !== undefined };
}

export function isSetUpOpen(db: Executor) {
  return and(
    isNotNull(installation.setupTokenHash),
    isNull(installation.setupEndedAt),
    notExists(db.select({ id: members.id }).from(members)),
  );
}
