import { eq } from "drizzle-orm";
import type { Database } from "@/db/client";
import { members } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import type { Actor } from "@/server/domain/actor";

interface SignIn {
  id: string;
  userId: string;
  ipAddress?: string | null | undefined;
  userAgent?: string | null | undefined;
}

export async function recordSignIn(db: Database, signIn: SignIn): Promise<void> {
  await record(db, signIn, "sign_in.made");
}

export async function recordSignOut(db: Database, signIn: SignIn): Promise<void> {
  await record(db, signIn, "sign_in.ended");
}

async function record(db: Database, signIn: SignIn, action: string): Promise<void> {
  const { ipAddress, userAgent } = signIn;
  await db.transaction(async (tx) => {
    const [member] = await tx.select().from(members).where(eq(members.id, signIn.userId));
    const actor: Actor = member
      ? { kind: "member", id: member.id, name: member.name, role: member.role }
      : { kind: "system", name: "sign-in" };
    const facts = { ipAddress: ipAddress ?? null, userAgent: userAgent?.slice(0, 200) ?? null };
    await recordAudit(tx, {
      actor,
      action,
      target: `sign_in:${signIn.id}`,
      facts,
      now: new Date(),
    });
  });
}
