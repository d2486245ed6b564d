import { NotAllowed } from "@/server/domain/errors";
import type { Addresses } from "./read-addresses";

/** Whether a request names a host of ours. A page of a rebound DNS name cannot. */
export function isOurHost(headers: Headers, addresses: Addresses): boolean {
  const host = headers.get("host")?.toLowerCase();
  return host !== undefined && addresses.hosts.has(host);
}

/** @throws NotAllowed when the Host header names none of our addresses. */
export function refuseForeignHost(headers: Headers, addresses: Addresses): void {
  if (isOurHost(headers, addresses)) return;
  throw new NotAllowed("This address is not one that Coppice answers to.", {
    hint: "Open one of its own addresses, or set COPPICE_URL to the address that you use.",
  });
}
