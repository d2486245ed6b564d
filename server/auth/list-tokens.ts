import { desc } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { apiTokens } from "@/db/schema";
import { limits } from "@/server/domain/limits";
import type { TokenView } from "@/server/domain/views";
import { toTokenView } from "./token-view";

/** The newest tokens first, revoked and expired ones too. */
export async function listTokens(db: Executor): Promise<{ items: TokenView[] }> {
  const rows = await db
    .select()
    .from(apiTokens)
    .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
    .limit(limits.maxPageSize);
  return { items: rows.map(toTokenView) };
}
