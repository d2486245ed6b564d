import type { RestClient } from "./open-rest-client";

/** Every item of a list that is short by nature, read page by page. */
export async function readAllPages<Item>(client: RestClient, path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Item[]; nextCursor: string | null } = await client.get(path, {
      cursor,
      limit: 200,
    });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}
