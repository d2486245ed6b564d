import { z } from "zod";
import { limits } from "./limits";

const maxServers = 20;
const maxArguments = 100;
const maxPairs = 50;
const maxTextLength = 8 * 1024;

const text = z
  .string()
  .max(maxTextLength)
  .refine((value) => !value.includes("\u0000"), "It contains a NUL character.");
const pairs = (name: RegExp) =>
  z
    .record(z.string().regex(name).max(100), text)
    .refine((record) => Object.keys(record).length <= maxPairs, `At most ${maxPairs}.`);

const localServerSchema = z.strictObject({
  /** A program on PATH, or its absolute path. */
  command: text.min(1),
  args: z.array(text).max(maxArguments).optional(),
  /** `${NAME}` in a value stands for the secret of that name. */
  env: pairs(/^[A-Za-z_][A-Za-z0-9_]*$/).optional(),
});
const remoteServerSchema = z.strictObject({
  url: z
    .string()
    .max(limits.maxOriginLength)
    .regex(/^https?:\/\/[^\s@]+$/, "An http or https address without a name or password in it."),
  /** `${NAME}` in a value stands for the secret of that name. */
  headers: pairs(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/).optional(),
});

/** The MCP servers that an agent is given, by name; its tools are then `mcp__<name>__<tool>`. */
export const mcpServersSchema = z
  .record(
    z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/, "Use lower-case letters, digits, “_” and “-”.")
      .refine((name) => !name.includes("__"), "No “__”: it parts a server's name from its tools'.")
      .max(40),
    z.union([localServerSchema, remoteServerSchema]),
  )
  .refine((servers) => Object.keys(servers).length <= maxServers, `At most ${maxServers} servers.`);
export type McpServers = z.infer<typeof mcpServersSchema>;

/** A value that an MCP server is given. `variable` names the agent's variable it stands in, if secret. */
export interface McpValue {
  name: string;
  value: string;
  variable: string | null;
}

/** One MCP server with its secrets filled in. In memory only: never to be stored or logged. */
export type McpServer =
  | { name: string; command: string; args: string[]; env: McpValue[] }
  | { name: string; url: string; headers: McpValue[] };

/** The names of secrets that stand in the servers' values, in order, each once. */
export function findSecretNames(servers: McpServers): string[] {
  const values = Object.values(servers).flatMap((server) =>
    Object.values("command" in server ? (server.env ?? {}) : (server.headers ?? {})),
  );
  const names = values.flatMap((value) => [...value.matchAll(placeholder)].map(([, name]) => name));
  return [...new Set(names.filter((name) => name !== undefined))];
}

const placeholder = /\$\{([A-Z_][A-Z0-9_]*)\}/g;

/**
 * Fills secrets in. Each value with a secret gets a variable of its own, `COPPICE_MCP_<n>`, in the
 * agent's environment: files and arguments for agents name that, and hold no secret.
 * A placeholder whose secret is missing is left as it is; `findSecretNames` finds them.
 */
export function fillInSecrets(
  servers: McpServers,
  secrets: Readonly<Record<string, string>>,
): { servers: McpServer[]; environment: Record<string, string> } {
  const environment: Record<string, string> = {};
  const fill = (values: Record<string, string> = {}): McpValue[] =>
    Object.entries(values).map(([name, template]) => {
      const value = template.replace(placeholder, (whole, secret) => secrets[secret] ?? whole);
      if (value === template) return { name, value, variable: null };
      const variable = `COPPICE_MCP_${Object.keys(environment).length + 1}`;
      environment[variable] = value;
      return { name, value, variable };
    });
  const filled = Object.entries(servers).map(([name, server]): McpServer => {
    if (!("command" in server)) return { name, url: server.url, headers: fill(server.headers) };
    const { command, args = [], env } = server;
    return { name, command, args, env: fill(env) };
  });
  return { servers: filled, environment };
}
