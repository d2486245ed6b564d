import type { McpServer, McpValue } from "@/server/domain/mcp-servers";

/**
 * The servers as Claude Code reads them from a file. Secrets stay out: it fills in its own variables
 * where `${NAME}` stands.
 */
export function describeMcpForClaude(servers: readonly McpServer[]): string {
  const described = servers.map((server) => {
    const { name } = server;
    if (!("command" in server)) {
      return [name, { type: "http", url: server.url, headers: toRecord(server.headers) }];
    }
    const { command, args, env } = server;
    return [name, { type: "stdio", command, args, env: toRecord(env) }];
  });
  return JSON.stringify({ mcpServers: Object.fromEntries(described) });
}

const toRecord = (values: readonly McpValue[]) =>
  Object.fromEntries(
    values.map(({ name, value, variable }) => [name, variable ? `\${${variable}}` : value]),
  );

/**
 * The servers as settings on Codex' command line. It hands its servers only the variables that are
 * named, under their own names, so that a shell in between gives them the names they are to have.
 * Whoever may define a workflow has approved of its servers, so their tools are not asked about.
 */
export function describeMcpForCodex(servers: readonly McpServer[]): string[] {
  return servers.map((server) => {
    const approved = 'default_tools_approval_mode="approve"';
    const fields = "command" in server ? describeLocal(server) : describeRemote(server);
    return `mcp_servers.${server.name}={${[approved, ...fields].join(",")}}`;
  });
}

function describeLocal({ command, args, env }: Extract<McpServer, { command: string }>): string[] {
  const secret = env.filter(({ variable }) => variable !== null);
  const plain = env.filter(({ variable }) => variable === null);
  const given = secret.map(({ name, variable }) => `${name}="$${variable}"`).join(" ");
  const argv =
    secret.length === 0
      ? [command, ...args]
      : ["/bin/sh", "-c", `${given} exec "$@"`, "mcp", command, ...args];
  return [
    `command=${quote(argv[0] ?? "")}`,
    `args=[${argv.slice(1).map(quote).join(",")}]`,
    `env=${table(plain.map(({ name, value }) => [name, value]))}`,
    `env_vars=[${secret.map(({ variable }) => quote(variable ?? "")).join(",")}]`,
  ];
}

function describeRemote({ url, headers }: Extract<McpServer, { url: string }>): string[] {
  const plain = headers.filter(({ variable }) => variable === null);
  const secret = headers.filter(({ variable }) => variable !== null);
  return [
    `url=${quote(url)}`,
    `http_headers=${table(plain.map(({ name, value }) => [name, value]))}`,
    `env_http_headers=${table(secret.map(({ name, variable }) => [name, variable ?? ""]))}`,
  ];
}

const table = (pairs: [string, string][]) =>
  `{${pairs.map(([name, value]) => `${quote(name)}=${quote(value)}`).join(",")}}`;

/** A basic string of TOML; JSON's escapes are among its own. */
const quote = (text: string) => JSON.stringify(text).replaceAll("\u007f", "\\u007f");
