import { z } from "zod";
import { violatedConstraint } from "@/db/errors";
import { recordAudit } from "@/server/audit/record-audit";
import { hashPassword } from "@/server/auth/password";
import { roleSchema } from "@/server/domain/actor";
import { Conflict } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { MemberView } from "@/server/domain/views";
import type { VerbContext } from "@/server/runs/context";
import { insertMember } from "./insert-member";
import { personFields } from "./person-fields";

export const addMemberInputSchema = z.strictObject({ ...personFields, role: roleSchema });

/** Makes an account. @throws Conflict when the email address has one. */
export async function addMember(
  { db, actor, now }: VerbContext,
  input: z.input<typeof addMemberInputSchema>,
): Promise<MemberView> {
  const { password, ...person } = parseInput(addMemberInputSchema, input);
  const passwordHash = await hashPassword(password);
  try {
    return await db.transaction(async (tx) => {
      const member = await insertMember(tx, { ...person, passwordHash, now });
      const facts = { name: member.name, email: member.email, role: member.role };
      const target = `member:${member.id}`;
      await recordAudit(tx, { actor, action: "member.added", target, facts, now });
      return member;
    });
  } catch (error) {
    if (violatedConstraint(error) !== "members_email_unique") throw error;
    throw new Conflict("This email address already has an account.", {
      fields: { email: "Already has an account." },
      cause: error,
    });
  }
}
