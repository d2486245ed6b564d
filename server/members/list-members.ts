import { asc } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { members } from "@/db/schema";
import type { MemberView } from "@/server/domain/views";
import { toMemberView } from "./member-view";

const maxMembers = 1_000;

export async function listMembers(db: Executor): Promise<{ items: MemberView[] }> {
  const rows = await db
    .select()
    .from(members)
    .orderBy(asc(members.createdAt), asc(members.id))
    .limit(maxMembers);
  return { items: rows.map(toMemberView) };
}
