import path from "node:path";
import type { LeftOut } from "./capture-workspace";
import type { CollectCommits } from "./collect-commits";
import { fetchFromClone } from "./fetch-from-clone";
import { findAgentCommits } from "./find-agent-commits";
import { git } from "./git";
import { gitInMirror } from "./git-in-mirror";
import { inspectGitState } from "./inspect-git-state";
import { keepPrefix, mirrorPath, workspacePath } from "./layout";
import { printableName } from "./printable-name";

/**
 * Brings the commits of repositories that the agent made inside its workspace into the mirror, under
 * `refs/coppice/keep/<run>/<attempt>/nested/`; a snapshot holds their present files only. They are read
 * as an agent's own repository is: refs as files, commits by an upload-pack that sees nothing else.
 * @returns the repositories whose commits could not be brought, and why.
 * @throws GitFailed when the mirror itself fails.
 */
export async function collectNested(input: CollectCommits, nested: string[]): Promise<LeftOut[]> {
  const mirror = mirrorPath(input.home, input.repositoryId);
  const workspace = workspacePath(input.home, input.repositoryId, input.workspaceId);
  const leftOut: LeftOut[] = [];
  for (const name of nested) {
    const why = await collectOne(input, mirror, workspace, name);
    if (why) leftOut.push({ path: `${printableName(name)}/.git`, why });
  }
  return leftOut;
}

async function collectOne(
  input: CollectCommits,
  mirror: string,
  workspace: string,
  name: string,
): Promise<string | null> {
  const folder = path.join(workspace, Buffer.from(name, "latin1").toString("utf8"));
  if (Buffer.from(folder).toString("latin1") !== `${latin1(workspace)}/${name}`) {
    return "its folder's name is not UTF-8";
  }
  const state = await inspectGitState(folder, mirror, { mayStandAlone: true });
  if (state.kind !== "usable") return state.why;
  const { named, tags, reflog } = await findAgentCommits(path.join(folder, ".git"), state);
  const wanted = [...new Set([...named.values(), ...tags.values(), ...reflog])];
  const fetched = await fetchFromClone({ ...input, mirror, workspace: folder }, wanted);
  const there = await findPresent(input, mirror, wanted);
  const lost = [...named.values(), ...tags.values()].filter((sha) => !there.has(sha));
  const prefix = `${keepPrefix(input.runId, input.attemptNumber)}/nested/${nameRef(name)}`;
  const lines = [...there].map((sha) => `update ${prefix}/${sha} ${sha}\n`);
  if (lines.length > 0) {
    const options = { home: input.home, input: lines.join(""), signal: input.signal };
    await gitInMirror(mirror, ["update-ref", "--stdin"], options);
  }
  return lost.length > 0 ? (fetched ?? "some of its commits are missing") : null;
}

async function findPresent(
  { home, signal }: CollectCommits,
  mirror: string,
  wanted: string[],
): Promise<Set<string>> {
  if (wanted.length === 0) return new Set();
  const { stdout } = await git(["cat-file", "--batch-check=%(objectname) %(objecttype)"], {
    home,
    gitDir: mirror,
    input: `${wanted.join("\n")}\n`,
    signal,
  });
  const found = stdout.toString().matchAll(/^([0-9a-f]{40,64}) (?:commit|tag|tree|blob)$/gm);
  return new Set([...found].map(([, sha]) => sha ?? ""));
}

/** A folder may be named as no ref can be. */
function nameRef(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$/.test(name)) return name;
  return Buffer.from(name, "latin1").toString("hex").slice(0, 120);
}

const latin1 = (text: string) => Buffer.from(text).toString("latin1");
