import { isIP } from "node:net";
import { homedir } from "node:os";
import path from "node:path";
import { StartRefused } from "./errors";

/** `all` is database, web and worker on one host; the others run alone against a shared database. */
type Role = "all" | "web" | "worker";

export interface Settings {
  role: Role;
  isDev: boolean;
  home: string;
  host: string;
  port: number;
  /** What the web listens on, as a URL. */
  localUrl: string;
  /** Where people reach it. */
  publicUrl: string;
  /** Null: the embedded one. */
  databaseUrl: string | null;
}

/**
 * Reads what the supervisor is to do from its arguments and its environment.
 *
 * Throws StartRefused with the fix when a setting is missing, malformed or unsafe.
 */
export function readSettings(args: string[], env: NodeJS.ProcessEnv): Settings {
  const role = readRole(args.filter((arg) => arg !== "--dev"));
  const databaseUrl = env.DATABASE_URL || null;
  if (role !== "all" && databaseUrl === null) {
    throw new StartRefused(`A ${role} that runs alone needs a database that others reach too.`, {
      hint: "Set DATABASE_URL to the team's PostgreSQL.",
    });
  }
  const host = env.HOST || "127.0.0.1";
  const port = readPort(env.PORT || "3000");
  const localUrl = `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const publicUrl = readPublicUrl(env.COPPICE_URL) ?? localUrl;
  if (role !== "worker") assertSafe(host, publicUrl, env.COPPICE_ALLOW_INSECURE_HTTP);
  const home = path.resolve(env.COPPICE_HOME || defaultHome());
  return {
    role,
    isDev: args.includes("--dev"),
    home,
    host,
    port,
    localUrl,
    publicUrl,
    databaseUrl,
  };
}

function readRole(args: string[]): Role {
  const [role = "all", ...rest] = args;
  if (rest.length === 0 && (role === "all" || role === "web" || role === "worker")) return role;
  throw new StartRefused(`“${args.join(" ")}” is not something Coppice can start.`, {
    hint: "Say nothing (database, web and worker), “web” or “worker”.",
  });
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new StartRefused(`PORT is “${text}”, which is no port.`, {
    hint: "Set PORT to a number from 1 to 65535.",
  });
}

function readPublicUrl(text: string | undefined): string | null {
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, "");
  throw new StartRefused(`COPPICE_URL is “${text}”, which is no http or https address.`, {
    hint: "Set it to the address people type, e.g. https://coppice.example.com.",
  });
}

/** Sign-ins and tokens must not cross a network in clear text unless somebody says so on purpose. */
function assertSafe(host: string, publicUrl: string, isInsecureAllowed: string | undefined): void {
  const isLoopback = host === "localhost" || host === "::1" || host.startsWith("127.");
  if (isLoopback || publicUrl.startsWith("https:") || isInsecureAllowed === "1") return;
  throw new StartRefused(
    `HOST is ${host}: others on the network could reach Coppice, and passwords would travel unencrypted.`,
    {
      hint: "Put a TLS proxy in front and set COPPICE_URL to its https address, or set COPPICE_ALLOW_INSECURE_HTTP=1.",
    },
  );
}

function defaultHome(): string {
  // The account that runs PostgreSQL for root cannot enter /root.
  if (process.getuid?.() === 0) return "/var/lib/coppice";
  return path.join(homedir(), ".local", "share", "coppice");
}
