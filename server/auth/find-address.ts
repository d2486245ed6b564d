/**
 * Who to count attempts against: what the nearest proxy says, or Next itself, which fills the header
 * from the connection. A client without a proxy may write the header itself, so this only spreads
 * limits; it never grants anything.
 */
export function findAddress(headers: Headers): string {
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim().slice(0, 64) || "unknown";
}
