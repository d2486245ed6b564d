import path from "node:path";
import { describeError, Unavailable } from "@/server/domain/errors";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { ensureMirror } from "./ensure-mirror";
import { exists } from "./exists";
import { git } from "./git";
import { mirrorPath } from "./layout";
import { listLiveRefs } from "./list-live-refs";

export interface SurveyMirror {
  home: string;
  repositoryId: RepositoryId;
  origin: string;
  defaultBranch: string;
  /** Refs that the origin was seen to have deleted; what counts while it cannot be reached. */
  staleRefs: string[];
  signal?: AbortSignal;
}

export interface MirrorRef {
  name: string;
  /** The commit it leads to, through a tag if need be. */
  sha: Sha;
}

export interface MirrorSurvey {
  /** The head of the origin's default branch; null when the origin has none of that name. */
  defaultHead: Sha | null;
  /** Branches and tags of the origin, the default branch among them, and copies of our refs there. */
  origin: MirrorRef[];
  /** Branches of the mirror, and what the origin has deleted since. */
  branches: MirrorRef[];
  /** Coppice's own refs. */
  kept: MirrorRef[];
  staleRefs: string[];
  /** Why the origin could not be listed; null: all this is as the origin has it now. */
  problem: string | null;
}

/**
 * Brings the mirror up to date, if the origin has moved, and sorts its refs by who holds them.
 * @throws Unavailable when there is no mirror here, GitFailed. An origin that is away is an answer.
 */
export async function surveyMirror(input: SurveyMirror): Promise<MirrorSurvey> {
  const { home, repositoryId, signal } = input;
  const mirror = mirrorPath(home, repositoryId);
  if (!(await exists(path.join(mirror, "HEAD")))) {
    throw new Unavailable("The mirror is not on this host's disk.", {
      hint: "See whether the disk of COPPICE_HOME is mounted; the next run makes a new mirror.",
      facts: { mirror },
    });
  }
  const before = await listRefs(home, mirror, signal);
  try {
    const live = await listLiveRefs(input);
    const refs = isSame(before, live)
      ? before
      : await fetchAndList({ home, repositoryId, origin: input.origin, signal }, mirror);
    const stale = refs.filter(({ name }) => isOfOrigin(name) && !live.has(name));
    const survey = sortRefs(
      refs,
      stale.map(({ name }) => name),
      input.defaultBranch,
      null,
    );
    const copies = refs.filter(
      ({ name, object }) => !isOfOrigin(name) && live.get(name) === object,
    );
    return { ...survey, origin: [...survey.origin, ...copies] };
  } catch (error) {
    if (signal?.aborted) throw error;
    return sortRefs(before, input.staleRefs, input.defaultBranch, describeError(error));
  }
}

interface ListedRef extends MirrorRef {
  /** What the ref itself names; of an annotated tag not the commit. */
  object: string;
}

async function fetchAndList(input: Parameters<typeof ensureMirror>[0], mirror: string) {
  await ensureMirror(input);
  return listRefs(input.home, mirror, input.signal);
}

async function listRefs(home: string, mirror: string, signal?: AbortSignal): Promise<ListedRef[]> {
  const format = "--format=%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)";
  const { stdout } = await git(["for-each-ref", format], {
    home,
    gitDir: mirror,
    maxOutputBytes: 256 * 1024 * 1024,
    signal,
  });
  return stdout
    .toString("utf8")
    .split("\n")
    .flatMap((line) => {
      const [object = "", type, peeled, peeledType, ...name] = line.split(" ");
      const sha = shaSchema.safeParse(type === "commit" ? object : peeled);
      const isCommit = type === "commit" || peeledType === "commit";
      return sha.success && isCommit ? [{ name: name.join(" "), sha: sha.data, object }] : [];
    });
}

const isOfOrigin = (name: string) => /^refs\/(?:remotes\/origin|tags)\//.test(name);

/** Every ref that the origin has stands in the mirror as it does there. */
function isSame(refs: ListedRef[], live: Map<string, string>): boolean {
  const known = new Map(refs.map(({ name, object }) => [name, object]));
  return [...live].every(([name, sha]) => !isOfOrigin(name) || known.get(name) === sha);
}

function sortRefs(
  refs: ListedRef[],
  staleRefs: string[],
  defaultBranch: string,
  problem: string | null,
): MirrorSurvey {
  const stale = new Set(staleRefs);
  const origin = refs.filter(({ name }) => isOfOrigin(name) && !stale.has(name));
  const head = origin.find(({ name }) => name === `refs/remotes/origin/${defaultBranch}`);
  return {
    defaultHead: head?.sha ?? null,
    origin,
    branches: refs.filter(
      ({ name }) => name.startsWith("refs/heads/") || (isOfOrigin(name) && stale.has(name)),
    ),
    // A base ref moves with its workspace: it vouches for nothing.
    kept: refs.filter(({ name }) => /^refs\/coppice\/(?!base\/)/.test(name)),
    staleRefs: refs.filter(({ name }) => stale.has(name)).map(({ name }) => name),
    problem,
  };
}
