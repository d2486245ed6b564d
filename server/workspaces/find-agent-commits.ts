import path from "node:path";
import type { WorkspaceGitState } from "./inspect-git-state";
import { readGitRefs, readPlainFile } from "./read-git-refs";

const maxReflogCommits = 500;

export interface AgentCommits {
  /** By a name such as `heads/main`, `HEAD` or `stash/0`. */
  named: Map<string, string>;
  /** By a name such as `tags/v1`: those that came with the clone among them. */
  tags: Map<string, string>;
  /**
   * Commits that HEAD was at, newest first: those that were reset or amended away among them, and those
   * that an unfinished merge, rebase or the like names.
   */
  reflog: string[];
}

/** Reads every commit id by which an agent's repository holds work, without starting git. */
export async function findAgentCommits(
  gitFolder: string,
  state: WorkspaceGitState,
): Promise<AgentCommits> {
  const named = new Map<string, string>();
  const tags = new Map<string, string>();
  for (const [ref, sha] of await readGitRefs(gitFolder)) {
    const name = ref.slice("refs/".length);
    if (name.startsWith("tags/")) tags.set(name, sha);
    else if (!name.startsWith("remotes/") && name !== "stash") named.set(name, sha);
  }
  if (state.isDetached && state.head) named.set("HEAD", state.head);
  for (const [index, sha] of (await readReflog(gitFolder, "refs/stash")).entries()) {
    named.set(`stash/${index}`, sha);
  }
  const heads = await readPseudoRefs(gitFolder);
  const reflog = [...new Set([...heads, ...(await readReflog(gitFolder, "HEAD"))])].slice(
    0,
    maxReflogCommits,
  );
  return { named, tags, reflog };
}

const pseudoRefs = [
  ...["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "ORIG_HEAD"],
  ...["rebase-merge/orig-head", "rebase-merge/onto", "rebase-apply/orig-head"],
];

async function readPseudoRefs(gitFolder: string): Promise<string[]> {
  const texts = await Promise.all(
    pseudoRefs.map((name) => readPlainFile(path.join(gitFolder, name))),
  );
  return texts.flatMap((text) => text?.match(/^[0-9a-f]{40,64}$/gm) ?? []);
}

async function readReflog(gitFolder: string, ref: string): Promise<string[]> {
  const text = (await readPlainFile(path.join(gitFolder, "logs", ref))) ?? "";
  const shas = text.split("\n").map((line) => /^[0-9a-f]+ ([0-9a-f]{40,64}) /.exec(line)?.[1]);
  return shas.filter((sha) => sha !== undefined && !/^0+$/.test(sha)).reverse() as string[];
}
