import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findAcpAgent } from "./acp-agents";

interface Places {
  homePath: string;
  operatorHome: string;
  command?: string | null;
  environment: Readonly<Record<string, string | undefined>>;
}

/** Where, below HOME, each agent keeps its login. */
const loginFiles: Record<string, string> = {
  gemini: ".gemini/oauth_creds.json",
  opencode: ".local/share/opencode/auth.json",
};

/**
 * Gives the session's HOME a copy of the operator's login, where there is no key in the environment. It
 * is copied anew for each attempt and never brought back: these logins stay good when they are refreshed.
 */
export function copyAcpSignIn({ homePath, operatorHome, command, environment }: Places): void {
  const agent = findAcpAgent(command ?? null);
  const file = agent ? loginFiles[agent.program] : undefined;
  if (!agent || !file || agent.keys.some((key) => environment[key])) return;
  const from = join(operatorHome, file);
  if (!existsSync(from)) return;
  const to = join(homePath, file);
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  copyFileSync(from, to);
  if (agent.program !== "gemini") return;
  // With a key it sees by itself how to sign in; with a login it has to be told.
  const settings = { security: { auth: { selectedType: "oauth-personal" } } };
  writeFileSync(join(dirname(to), "settings.json"), JSON.stringify(settings), { mode: 0o600 });
}

/** opencode's database holds the names of its conversations as they are; what is newest is in its log. */
export function hasAcpConversation(homePath: string, nativeSessionId: string): boolean {
  const database = join(homePath, ".local", "share", "opencode", "opencode.db");
  return [database, `${database}-wal`].some(
    (path) => existsSync(path) && readFileSync(path).includes(nativeSessionId),
  );
}
