import { randomUUID } from "node:crypto";
import type { Transaction } from "@/db/client";
import { credentials, members } from "@/db/schema";
import type { Role } from "@/server/domain/actor";
import type { MemberView } from "@/server/domain/views";
import { toMemberView } from "./member-view";

export interface NewMember {
  name: string;
  email: string;
  passwordHash: string;
  role: Role;
  now: Date;
}

/** The member and their password, in the rows that sign-in reads. */
export async function insertMember(tx: Transaction, member: NewMember): Promise<MemberView> {
  const { name, role, passwordHash, now } = member;
  const id = randomUUID();
  const email = member.email.toLowerCase();
  const dates = { createdAt: now, updatedAt: now };
  const [row] = await tx
    .insert(members)
    .values({ id, name, email, role, ...dates })
    .returning();
  if (!row) throw new Error("The member's row was not given back.");
  await tx.insert(credentials).values({
    id: randomUUID(),
    accountId: id,
    providerId: "credential",
    userId: id,
    password: passwordHash,
    ...dates,
  });
  return toMemberView(row);
}
