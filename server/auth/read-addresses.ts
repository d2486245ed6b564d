/** Where this installation is reached: every other Host or Origin is refused. */
export interface Addresses {
  /** What a Host header may say, e.g. `localhost:3000`. */
  hosts: ReadonlySet<string>;
  /** What an Origin header may say, e.g. `http://localhost:3000`. */
  origins: ReadonlySet<string>;
  /** The address in links and cookies. */
  publicUrl: string;
}

interface AddressSettings {
  PORT?: string | undefined;
  HOST?: string | undefined;
  COPPICE_URL?: string | undefined;
}

/**
 * Loopback by its three names, the address listened on, and COPPICE_URL. An address in digits, also
 * 0.0.0.0, is safe to answer to: what is rebound is always a name.
 * @throws TypeError when COPPICE_URL is not an http or https address.
 */
export function readAddresses(settings: AddressSettings): Addresses {
  const port = settings.PORT || "3000";
  const names = ["localhost", "127.0.0.1", "[::1]"];
  if (settings.HOST) names.push(bracket(settings.HOST));
  const local = names.map((name) => new URL(`http://${name}:${port}`));
  const known = settings.COPPICE_URL ? [...local, parsePublicUrl(settings.COPPICE_URL)] : local;
  return {
    hosts: new Set(known.map((url) => url.host)),
    origins: new Set(known.map((url) => url.origin)),
    publicUrl: known.at(settings.COPPICE_URL ? -1 : 0)?.origin ?? "",
  };
}

function bracket(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function parsePublicUrl(text: string): URL {
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) {
    throw new TypeError(`COPPICE_URL must begin with http:// or https://, not ${url.protocol}`);
  }
  return url;
}
