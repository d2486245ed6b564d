import { createHash } from "node:crypto";
import { agentConfigPaths, isGatedPath } from "@/server/domain/agent-config";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";

export interface AgentConfigEntry {
  path: string;
  mode: string;
  sha: Sha;
  bytes: number;
}

export interface AgentConfigList {
  entries: AgentConfigEntry[];
  /** Of the gated files: paths, modes, contents. Null where there is none. */
  sha256: string | null;
}

interface InMirror {
  home: string;
  repositoryId: RepositoryId;
  signal?: AbortSignal | undefined;
}

const isLink = ({ mode }: AgentConfigEntry) => mode === "120000";

/**
 * The files of a commit by which its repository can tell an agent what to do, and what says that they
 * are the same again. A link among them stands for what it leads to, so that each commit is another.
 * @throws GitFailed
 */
export async function listAgentConfig(
  { home, repositoryId, signal }: InMirror,
  commit: Sha,
): Promise<AgentConfigList> {
  const args = ["ls-tree", "-r", "-z", "--long", shaSchema.parse(commit), "--"];
  const { stdout } = await git([...args, ...agentConfigPaths], {
    ...{ home, signal },
    gitDir: mirrorPath(home, repositoryId),
  });
  const entries = stdout.toString("utf8").split("\0").filter(Boolean).map(readEntry);
  const gated = entries.filter(({ path }) => isGatedPath(path));
  if (gated.length === 0) return { entries, sha256: null };
  const hash = createHash("sha256");
  for (const { path, mode, sha } of gated) hash.update(`${mode} ${sha} ${path}\0`);
  if (gated.some(isLink)) hash.update(commit);
  return { entries, sha256: hash.digest("hex") };
}

/** `<mode> <type> <id> <size>\t<path>`; what is no file has no size. */
function readEntry(line: string): AgentConfigEntry {
  const tab = line.indexOf("\t");
  const [mode = "", , sha = "", size = ""] = line.slice(0, tab).split(/ +/);
  return { path: line.slice(tab + 1), mode, sha: shaSchema.parse(sha), bytes: Number(size) || 0 };
}
