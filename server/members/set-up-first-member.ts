import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "@/db/client";
import { installation } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { hashPassword } from "@/server/auth/password";
import { hashToken } from "@/server/auth/token";
import type { Actor } from "@/server/domain/actor";
import { NotAllowed } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { MemberView } from "@/server/domain/views";
import { isSetUpOpen } from "./find-set-up-state";
import { insertMember } from "./insert-member";
import { personFields } from "./person-fields";

export const setUpInputSchema = z.strictObject({
  token: z.string().min(1).max(200),
  ...personFields,
});
export type SetUpInput = z.input<typeof setUpInputSchema>;

/** The link of the console was used before, or is not the right one. */
export class SetUpRefused extends NotAllowed {
  constructor() {
    super("This set-up link does not work, or no longer.", {
      hint: "Open the link that Coppice printed when it was started last, or sign in.",
    });
  }
}

/**
 * Makes the first account, an admin, against the one-time token of the console. The token is used up
 * in the transaction that makes the member: of any number of tries at once, one succeeds.
 * @throws SetUpRefused
 */
export async function setUpFirstMember(
  { db, now }: { db: Database; now: Date },
  input: SetUpInput,
): Promise<MemberView> {
  const { token, password, ...person } = parseInput(setUpInputSchema, input);
  const isRight = and(eq(installation.setupTokenHash, hashToken(token)), isSetUpOpen(db));
  // Asked before the password is hashed: a wrong token must not cost that work.
  const [open] = await db.select({ id: installation.id }).from(installation).where(isRight);
  if (!open) throw new SetUpRefused();
  const passwordHash = await hashPassword(password);
  return db.transaction(async (tx) => {
    const used = await tx
      .update(installation)
      .set({ setupEndedAt: now })
      .where(isRight)
      .returning();
    if (used.length === 0) throw new SetUpRefused();
    const member = await insertMember(tx, { ...person, role: "admin", passwordHash, now });
    const actor: Actor = { kind: "member", id: member.id, name: member.name, role: "admin" };
    const facts = { email: member.email, role: member.role };
    const target = `member:${member.id}`;
    await recordAudit(tx, { actor, action: "installation.set_up", target, facts, now });
    return member;
  });
}
