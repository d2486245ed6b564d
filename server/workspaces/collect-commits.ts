import path from "node:path";
import type { Confine } from "@/server/domain/confinement";
import { crashAt } from "@/server/domain/crash-points";
import {
  type RepositoryId,
  type RunId,
  type Sha,
  shaSchema,
  type WorkspaceId,
} from "@/server/domain/ids";
import { fetchFromClone } from "./fetch-from-clone";
import { findAgentCommits } from "./find-agent-commits";
import { git } from "./git";
import { inspectGitState, type WorkspaceGitState } from "./inspect-git-state";
import { isOwnFolder } from "./is-own-folder";
import { keepPrefix, mirrorPath, workspacePath } from "./layout";
import { writeKeepRefs } from "./write-keep-refs";

export interface CollectCommits {
  home: string;
  repositoryId: RepositoryId;
  workspaceId: WorkspaceId;
  runId: RunId;
  attemptNumber: number;
  branch: string;
  /** The run's base: a ref of the clone that still points at it gets no keep ref. */
  baseCommit?: Sha;
  confine: Confine;
  signal?: AbortSignal;
}

export interface CollectedCommits {
  /** The head of `branch` in the clone; null when it is not there. */
  headCommit: Sha | null;
  /** Keep refs in the mirror that hold the clone's branches, detached work, stash and reflog. */
  refs: { name: string; sha: Sha }[];
  state: WorkspaceGitState;
  /** Everything that the clone's refs name is in the mirror. Else `problem` says why not. */
  isComplete: boolean;
  problem: string | null;
}

/**
 * Brings every commit of the agent into the mirror, under `refs/coppice/keep/<run>/<attempt>/`. Refs
 * are read as files; what the mirror lacks is fetched by its id from an upload-pack that sees only
 * the workspace and the mirror. A damaged `.git` is an answer (`isComplete` false), not an error.
 * @throws GitFailed when the mirror itself fails.
 */
export async function collectCommits(input: CollectCommits): Promise<CollectedCommits> {
  const mirror = mirrorPath(input.home, input.repositoryId);
  const workspace = workspacePath(input.home, input.repositoryId, input.workspaceId);
  await isOwnFolder(workspace);
  const state = await inspectGitState(workspace, mirror);
  if (state.kind !== "usable") {
    return { headCommit: null, refs: [], state, isComplete: false, problem: state.why };
  }
  const found = await findAgentCommits(path.join(workspace, ".git"), state);
  const named = new Map([...found.named, ...(await findOwnTags(input, mirror, found.tags))]);
  const asked = [...named.values(), ...found.reflog];
  const missing = await findMissing(input, mirror, asked);
  const problem = await fetchFromClone({ ...input, mirror, workspace }, [...missing]);
  const lost = problem ? await findMissing(input, mirror, [...missing]) : new Set<string>();
  const left = found.reflog.filter(
    (sha) => !lost.has(sha) && !asked.slice(0, named.size).includes(sha),
  );
  const forgotten = await findForgotten(
    input,
    mirror,
    left,
    [...named.values()].filter((sha) => !lost.has(sha)),
  );
  const wanted = nameKeepRefs(
    input,
    [...named].filter(([, sha]) => !lost.has(sha)),
    forgotten,
  );
  const prefix = keepPrefix(input.runId, input.attemptNumber);
  await crashAt("after:collect");
  const refs = await writeKeepRefs({ ...input, mirror, prefix }, wanted);
  const head = named.get(`heads/${input.branch}`);
  return {
    headCommit: head && !lost.has(head) ? shaSchema.parse(head) : null,
    refs: refs.map(([name, sha]) => ({ name, sha: shaSchema.parse(sha) })),
    state,
    isComplete: [...named.values()].every((sha) => !lost.has(sha)),
    problem,
  };
}

/** Tags that the mirror does not have under the same name. */
async function findOwnTags(
  { home, signal }: CollectCommits,
  mirror: string,
  tags: Map<string, string>,
): Promise<[string, string][]> {
  if (tags.size === 0) return [];
  const { stdout } = await git(["cat-file", "--batch-check=%(objectname)"], {
    home,
    gitDir: mirror,
    input: [...tags.keys()].map((name) => `refs/${name}\n`).join(""),
    signal,
  });
  const present = stdout.toString("latin1").split("\n");
  return [...tags].filter(([, sha], index) => present[index] !== sha);
}

async function findMissing(
  { home, signal, baseCommit }: CollectCommits,
  mirror: string,
  asked: string[],
): Promise<Set<string>> {
  // The clone was made from the base: it came out of the mirror.
  const shas = asked.filter((sha) => sha !== baseCommit);
  if (shas.length === 0) return new Set();
  const { stdout } = await git(["cat-file", "--batch-check=%(objecttype)"], {
    home,
    gitDir: mirror,
    input: `${[...new Set(shas)].join("\n")}\n`,
    signal,
  });
  const lines = stdout.toString().split("\n");
  return new Set(
    lines.filter((line) => line.endsWith(" missing")).map((line) => line.slice(0, -8)),
  );
}

/** Commits of the reflog that no ref of the mirror holds, those of an earlier collect apart. */
async function findForgotten(
  { home, runId, attemptNumber, signal }: CollectCommits,
  mirror: string,
  candidates: string[],
  held: string[],
): Promise<string[]> {
  if (candidates.length === 0) return [];
  const own = `--exclude=${keepPrefix(runId, attemptNumber)}/reflog/*`;
  const { stdout } = await git(
    ["rev-list", "--ignore-missing", ...candidates, "--stdin", "--not", own, "--all"],
    {
      home,
      gitDir: mirror,
      input: held.map((sha) => `^${sha}\n`).join(""),
      signal,
    },
  );
  const loose = new Set(stdout.toString().split("\n"));
  return candidates.filter((sha) => loose.has(sha));
}

function nameKeepRefs(
  { runId, attemptNumber, baseCommit }: CollectCommits,
  named: [string, string][],
  forgotten: string[],
): [string, string][] {
  const prefix = keepPrefix(runId, attemptNumber);
  return [
    ...named
      .filter(([, sha]) => sha !== baseCommit)
      .map(([name, sha]): [string, string] => [`${prefix}/${encodeName(name)}`, sha]),
    ...forgotten.map((sha): [string, string] => [`${prefix}/reflog/${sha.slice(0, 16)}`, sha]),
  ];
}

/** An agent can make a ref file of any name; one that git would refuse is kept in hexadecimal. */
function encodeName(name: string): string {
  const isPlain =
    /^[A-Za-z0-9][A-Za-z0-9._/+@=#-]{0,180}$/.test(name) &&
    !/\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)|[./]$/.test(name);
  return isPlain ? name : `encoded/${Buffer.from(name, "latin1").toString("hex").slice(0, 180)}`;
}
