import { z } from "zod";
import { BadInput } from "@/server/domain/errors";
import { limits } from "@/server/domain/limits";

/** What every list takes beside its filters. */
export const pageFields = {
  cursor: z.string().max(1000).nullish(),
  limit: z.int().min(1).max(limits.maxPageSize).default(limits.pageSize),
};

/** The key of lists that are ordered by creation, newest first. */
export const createdKeySchema = z.tuple([z.iso.datetime({ precision: 3 }), z.guid()]);

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** The key after which the next page begins, as text that callers pass back unread. */
function writePageCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** @throws BadInput for anything that `writePageCursor` did not write for this list. */
export function readPageCursor<Schema extends z.ZodType>(
  schema: Schema,
  cursor: string | null | undefined,
): z.output<Schema> | null {
  if (!cursor) return null;
  const parsed = schema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString()));
  if (parsed.success) return parsed.data;
  throw new BadInput("The cursor was not given out by this list.", {
    fields: { cursor: "Pass the nextCursor of the page before, unchanged." },
    hint: "Leave the cursor out to begin at the first page.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Cuts `limit` items from rows read with one to spare, which says whether a next page exists. */
export function cutPage<Item>(
  rows: Item[],
  limit: number,
  keyOf: (item: Item) => readonly (string | number)[],
): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items, nextCursor: hasMore ? writePageCursor(keyOf(last)) : null };
}
