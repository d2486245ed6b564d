import type { members } from "@/db/schema";
import type { MemberView } from "@/server/domain/views";

export function toMemberView(row: typeof members.$inferSelect): MemberView {
  const { id, name, email, role, createdAt } = row;
  return { id, name, email, role, createdAt };
}
