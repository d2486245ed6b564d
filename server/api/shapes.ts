import { z } from "zod";

/** An id of any form, or a #number: the verb knows which, and tells what is not found. */
export const keySchema = z.string().min(1).max(200);
export const byKeySchema = z.strictObject({ id: keySchema });

export function itemsOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item) });
}

/** One page of a list; the cursor is passed back unread. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
