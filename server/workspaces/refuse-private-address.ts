import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { Unprocessable } from "@/server/domain/errors";
import type { Origin } from "@/server/domain/git-names";

/**
 * What no origin may point at: this host, and addresses of the local link, where clouds serve their
 * credentials. Private networks stay allowed, because that is where teams keep their git servers.
 */
const refused = new BlockList();
refused.addSubnet("0.0.0.0", 8);
refused.addSubnet("127.0.0.0", 8);
refused.addSubnet("169.254.0.0", 16);
refused.addSubnet("224.0.0.0", 3);
refused.addAddress("100.100.100.200");
refused.addAddress("::", "ipv6");
refused.addAddress("::1", "ipv6");
refused.addSubnet("fe80::", 10, "ipv6");
refused.addSubnet("ff00::", 8, "ipv6");
refused.addAddress("fd00:ec2::254", "ipv6");

/**
 * Resolves an origin's host and gives git settings that pin the address, so that a second answer of
 * the name server changes nothing. `COPPICE_ALLOW_PRIVATE_ORIGINS=1` switches the check off.
 * @throws Unprocessable when any address of the host is this host's own or of the local link.
 */
export async function refusePrivateAddress(
  origin: Extract<Origin, { host: string }>,
): Promise<Record<string, string>> {
  if (process.env.COPPICE_ALLOW_PRIVATE_ORIGINS === "1") return {};
  const host = origin.host.replace(/^\[|\]$/g, "");
  const addresses = await resolve(host);
  const wrong = addresses.find(isRefusedAddress);
  if (wrong) {
    throw new Unprocessable(`${host} is ${wrong}, an address that Coppice does not fetch from.`, {
      hint: "To allow addresses of this host, set COPPICE_ALLOW_PRIVATE_ORIGINS=1 and restart.",
      facts: { host, address: wrong },
    });
  }
  const [first] = addresses;
  if (origin.kind !== "https" || !first || isIP(host)) return {};
  const port = new URL(origin.url).port || "443";
  const pinned = isIP(first) === 6 ? `[${first}]` : first;
  return { "http.curloptResolve": `${host}:${port}:${pinned}` };
}

export function isRefusedAddress(address: string): boolean {
  if (isIP(address) === 6) {
    const mapped = readMappedAddress(address);
    return mapped ? refused.check(mapped) : refused.check(address, "ipv6");
  }
  return refused.check(address);
}

/** An IPv4 address written as IPv6: `::ffff:a.b.c.d`, `::a.b.c.d` or NAT64's `64:ff9b::a.b.c.d`. */
function readMappedAddress(address: string): string | null {
  const canonical = new URL(`http://[${address.split("%")[0]}]`).hostname.slice(1, -1);
  const words = /^(?:::ffff:|::|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!words?.[1] || !words[2]) return null;
  const high = Number.parseInt(words[1], 16);
  const low = Number.parseInt(words[2], 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** A name that only the operator's ssh config or a proxy knows has no address; git says so itself. */
async function resolve(host: string): Promise<string[]> {
  if (isIP(host)) return [host];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "ENODATA") return [];
    throw error;
  }
}
