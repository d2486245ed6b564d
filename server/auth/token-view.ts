import type { apiTokens } from "@/db/schema";
import type { TokenView } from "@/server/domain/views";

/** A token as it leaves the server: all but its hash. */
export function toTokenView(row: typeof apiTokens.$inferSelect): TokenView {
  const { hash: _hash, ...view } = row;
  return view;
}
