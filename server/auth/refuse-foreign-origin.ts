import { NotAllowed } from "@/server/domain/errors";
import type { Addresses } from "./read-addresses";

/**
 * Refuses what another site's page made a browser send. Anything that names a foreign origin is
 * refused; what acts by cookie and may change something must name one of ours.
 * @throws NotAllowed
 */
export function refuseForeignOrigin(
  request: { method: string; headers: Headers },
  addresses: Addresses,
  actsByCookie: boolean,
): void {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  const isRead = request.method === "GET" || request.method === "HEAD";
  const isForeign = origin !== null && !addresses.origins.has(origin);
  // A link from elsewhere that opens a page here is no attack: the other site cannot read it.
  const isFollowedLink = isRead && request.headers.get("sec-fetch-mode") === "navigate";
  const isOtherSite = site !== null && site !== "same-origin" && site !== "none" && !isFollowedLink;
  const isUnnamed = actsByCookie && !isRead && origin === null;
  if (!isForeign && !isOtherSite && !isUnnamed) return;
  throw new NotAllowed("This request comes from another site.", {
    hint: "Use Coppice's own pages, or send a token as “Authorization: Bearer …”.",
  });
}
