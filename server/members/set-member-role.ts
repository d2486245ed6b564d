import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { members, signIns } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { roleSchema } from "@/server/domain/actor";
import { Conflict, NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { MemberView } from "@/server/domain/views";
import type { VerbContext } from "@/server/runs/context";
import { toMemberView } from "./member-view";

export const setMemberRoleInputSchema = z.strictObject({
  id: z.string().min(1).max(100),
  role: roleSchema,
});

/**
 * Changes what a member may do and ends their sign-ins, so that none made under the old role goes on.
 * @throws NotFound, Conflict when no admin would be left.
 */
export async function setMemberRole(
  { db, actor, now }: VerbContext,
  input: z.input<typeof setMemberRoleInputSchema>,
): Promise<MemberView> {
  const { id, role } = parseInput(setMemberRoleInputSchema, input);
  return db.transaction(async (tx) => {
    const admins = await lockAdmins(tx);
    const [before] = await tx.select().from(members).where(eq(members.id, id)).for("update");
    if (!before) throw new NotFound("member", id);
    if (before.role === role) return toMemberView(before);
    if (before.role === "admin" && admins.length === 1) {
      throw new Conflict("This is the only admin.", { hint: "Make somebody else an admin first." });
    }
    await tx.update(members).set({ role, updatedAt: now }).where(eq(members.id, id));
    await tx.delete(signIns).where(eq(signIns.userId, id));
    const facts = { from: before.role, to: role };
    const target = `member:${id}`;
    await recordAudit(tx, { actor, action: "member.role_set", target, facts, now });
    return toMemberView({ ...before, role });
  });
}

/** All of them, in one order, so that two admins cannot demote one another at the same time. */
async function lockAdmins(tx: Transaction): Promise<{ id: string }[]> {
  return tx
    .select({ id: members.id })
    .from(members)
    .where(eq(members.role, "admin"))
    .orderBy(asc(members.id))
    .for("update");
}
