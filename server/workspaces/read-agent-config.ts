import { type AgentConfigFile, isGatedPath } from "@/server/domain/agent-config";
import type { RepositoryId } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";
import type { AgentConfigEntry } from "./list-agent-config";

const maxFiles = 100;
const maxFileBytes = 64 * 1024;
const submodule = "160000";

/**
 * The contents of such files, for people to read. What is too long or no text is named without it.
 * @throws GitFailed
 */
export async function readAgentConfig(
  { home, repositoryId }: { home: string; repositoryId: RepositoryId },
  entries: readonly AgentConfigEntry[],
): Promise<AgentConfigFile[]> {
  const shown = entries
    .filter(({ mode, bytes }) => mode !== submodule && bytes <= maxFileBytes)
    .slice(0, maxFiles);
  const texts = new Map<string, string | null>();
  if (shown.length > 0) {
    const { stdout } = await git(["cat-file", "--batch"], {
      home,
      gitDir: mirrorPath(home, repositoryId),
      input: shown.map(({ sha }) => `${sha}\n`).join(""),
    });
    for (const { sha, bytes } of splitBatch(stdout)) texts.set(sha, readText(bytes));
  }
  return entries.map(({ path, bytes, sha }) => ({
    ...{ path, bytes },
    isGated: isGatedPath(path),
    text: texts.get(sha) ?? null,
  }));
}

/** `<id> <type> <size>`, a line break, the bytes, a line break; again and again. */
function splitBatch(stdout: Buffer): { sha: string; bytes: Buffer }[] {
  const found: { sha: string; bytes: Buffer }[] = [];
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf("\n", at);
    const [sha = "", , size = "0"] = stdout.toString("latin1", at, end).split(" ");
    const start = end + 1;
    found.push({ sha, bytes: stdout.subarray(start, start + Number(size)) });
    at = start + Number(size) + 1;
  }
  return found;
}

function readText(bytes: Buffer): string | null {
  return bytes.includes(0) ? null : bytes.toString("utf8");
}
