import path from "node:path";
import type { RepositoryId, Sha } from "@/server/domain/ids";
import { exists } from "./exists";
import { GitFailed, git } from "./git";
import { mirrorPath } from "./layout";

export interface MirrorFacts {
  path: string;
  /** False: there is no mirror, or only remains of one. */
  isThere: boolean;
  /** Commits that were asked for and are not in it. */
  missing: Sha[];
  /** Commits that are in it and that no ref leads to. */
  withoutRef: Sha[];
  /** Why git could not read all of it; then `missing` and `withoutRef` may lack some. */
  problem: string | null;
  /** Refs that hold the work of runs: heads, keep refs and snapshots. */
  workRefs: { name: string; sha: string; runId: string }[];
}

/** Compares a mirror with what is recorded of it, by reading alone. */
export async function inspectMirror(input: {
  home: string;
  repositoryId: RepositoryId;
  recorded: Sha[];
}): Promise<MirrorFacts> {
  const { home } = input;
  const mirror = mirrorPath(home, input.repositoryId);
  const facts: MirrorFacts = {
    path: mirror,
    isThere: await exists(path.join(mirror, "HEAD")),
    missing: [],
    withoutRef: [],
    problem: null,
    workRefs: [],
  };
  if (!facts.isThere) return facts;
  try {
    const recorded = [...new Set(input.recorded)];
    const missing = await findMissingCommits(home, mirror, recorded);
    facts.missing = [...missing];
    facts.workRefs = await listWorkRefs(home, mirror);
    const present = recorded.filter((sha) => !missing.has(sha));
    const loose = await findWithoutRef(home, mirror, present);
    facts.withoutRef = present.filter((sha) => loose.has(sha));
  } catch (error) {
    if (!(error instanceof GitFailed)) throw error;
    facts.problem = error.message;
  }
  return facts;
}

export async function findMissingCommits(
  home: string,
  mirror: string,
  shas: Sha[],
): Promise<Set<Sha>> {
  if (shas.length === 0) return new Set();
  const { stdout } = await git(["cat-file", "--batch-check=%(objecttype)"], {
    home,
    gitDir: mirror,
    input: `${shas.join("\n")}\n`,
  });
  const answers = stdout.toString().split("\n");
  return new Set(shas.filter((_, index) => answers[index] !== "commit"));
}

/** A ref whose own commit is missing leads nowhere, and must not hide the others. */
async function findWithoutRef(home: string, mirror: string, shas: Sha[]): Promise<Set<string>> {
  if (shas.length === 0) return new Set();
  const { stdout } = await git(["rev-list", "--ignore-missing", "--stdin", "--not", "--all"], {
    home,
    gitDir: mirror,
    input: `${shas.join("\n")}\n`,
  });
  return new Set(stdout.toString().split("\n"));
}

async function listWorkRefs(home: string, mirror: string): Promise<MirrorFacts["workRefs"]> {
  const kinds = ["keep", "runs", "snapshots"].map((kind) => `refs/coppice/${kind}`);
  const { stdout } = await git(["for-each-ref", "--format=%(objectname) %(refname)", ...kinds], {
    home,
    gitDir: mirror,
  });
  return stdout
    .toString()
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [sha = "", name = ""] = line.split(" ");
      return { sha, name, runId: name.split("/")[3] ?? "" };
    });
}
