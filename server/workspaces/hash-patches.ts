import { createHash, type Hash } from "node:crypto";
import type { RepositoryId, Sha } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";

export interface PatchAsked {
  sha: Sha;
  /** Compare with this commit instead of its parent: a whole range as one patch. */
  from?: Sha;
}

/**
 * A hash of what each commit changes, by line and with its context, but without line numbers, in the
 * order of `asked`. Stricter than `git patch-id`: white space counts. Null where there is nothing to
 * compare by: no change, a merge, or a change of a binary file.
 * @throws GitFailed
 */
export async function hashPatches(input: {
  home: string;
  repositoryId: RepositoryId;
  asked: PatchAsked[];
  signal?: AbortSignal;
}): Promise<(string | null)[]> {
  const { home, repositoryId, asked, signal } = input;
  if (asked.length === 0) return [];
  const reader = readPatches();
  let rest = "";
  const shape = ["-p", "--root", "--always", "--no-color", "--no-renames", "--full-index"];
  await git(["diff-tree", "--stdin", ...shape, "--no-ext-diff", "--no-textconv"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
    input: asked.map(({ sha, from }) => (from ? `${sha} ${from}\n` : `${sha}\n`)).join(""),
    timeoutSeconds: 600,
    signal,
    onStdout: (chunk) => {
      const lines = (rest + chunk.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) reader.read(line);
      return true;
    },
  });
  const hashes = reader.end();
  if (hashes.length === asked.length) return hashes;
  throw new Error(`git told ${hashes.length} patches of ${asked.length}`);
}

/** Each patch begins with the commit's id alone on a line; no line of a patch looks so. */
function readPatches() {
  const hashes: (string | null)[] = [];
  let hash: Hash | null = null;
  let hasChange = false;
  let isBinary = false;
  const close = () => {
    if (hash) hashes.push(hasChange && !isBinary ? hash.digest("hex") : null);
  };
  return {
    read(line: string) {
      if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(line)) {
        close();
        hash = createHash("sha256");
        hasChange = false;
        isBinary = false;
        return;
      }
      hasChange ||= line.startsWith("diff --git ");
      isBinary ||= line.startsWith("Binary files ");
      if (!line.startsWith("index ")) hash?.update(`${line.replace(/^@@ .* @@.*$/, "@@")}\n`);
    },
    end() {
      close();
      return hashes;
    },
  };
}
