import type { RepositoryId, Sha } from "@/server/domain/ids";
import type { CommitReach } from "@/server/domain/work";
import { git } from "./git";
import { mirrorPath } from "./layout";
import type { MirrorRef, MirrorSurvey } from "./survey-mirror";

export interface LocateCommits {
  home: string;
  repositoryId: RepositoryId;
  shas: Sha[];
  survey: MirrorSurvey;
  signal?: AbortSignal;
}

/** Where a commit is by history alone. */
export type LocatedCommit = Omit<CommitReach, "equal">;

/**
 * Tells of each commit whether the mirror has it and which kinds of refs reach it: five processes at
 * most, whatever their number.
 * @throws GitFailed: then nothing is known of any of them.
 */
export async function locateCommits(input: LocateCommits): Promise<Map<Sha, LocatedCommit>> {
  const { survey } = input;
  const shas = [...new Set(input.shas)];
  const there = await findPresent(input, shas);
  const defaultHead = survey.defaultHead ? [survey.defaultHead] : [];
  // What one group of refs does not reach is asked of the next, so each walk is shorter.
  const unmerged = await findBeyond(input, there, defaultHead);
  const unpushed = await findBeyond(input, unmerged, shasOf(survey.origin));
  const offBranch = await findBeyond(input, unpushed, shasOf(survey.branches));
  const loose = await findBeyond(input, offBranch, shasOf(survey.kept));
  return new Map(
    shas.map((sha) => [
      sha,
      {
        isInMirror: there.has(sha),
        isInDefaultBranch: there.has(sha) && !unmerged.has(sha),
        isInOrigin: there.has(sha) && !unpushed.has(sha),
        isOnBranch: unpushed.has(sha) && !offBranch.has(sha),
        isKept: offBranch.has(sha) && !loose.has(sha),
      },
    ]),
  );
}

const shasOf = (refs: MirrorRef[]) => [...new Set(refs.map(({ sha }) => sha))];

async function findPresent(
  { home, repositoryId, signal }: LocateCommits,
  shas: Sha[],
): Promise<Set<Sha>> {
  if (shas.length === 0) return new Set();
  const { stdout } = await git(["cat-file", "--batch-check=%(objectname) %(objecttype)"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
    input: `${shas.join("\n")}\n`,
    signal,
  });
  const found = new Set(stdout.toString().split("\n"));
  return new Set(shas.filter((sha) => found.has(`${sha} commit`)));
}

/** Those of `shas` that none of `tips` reaches. */
async function findBeyond(
  { home, repositoryId, signal }: LocateCommits,
  shas: Set<Sha>,
  tips: Sha[],
): Promise<Set<Sha>> {
  if (shas.size === 0 || tips.length === 0) return shas;
  const beyond = new Set<Sha>();
  let rest = "";
  const take = (line: string) => {
    if (shas.has(line as Sha)) beyond.add(line as Sha);
  };
  // A history of its own comes out whole: it is read piece by piece and not kept.
  await git(["rev-list", "--stdin"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
    input: `${[...shas, ...tips.map((tip) => `^${tip}`)].join("\n")}\n`,
    timeoutSeconds: 600,
    signal,
    onStdout: (chunk) => {
      const lines = (rest + chunk.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
      return true;
    },
  });
  return beyond;
}
