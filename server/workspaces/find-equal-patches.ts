import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import type { CommitReach } from "@/server/domain/work";
import { git } from "./git";
import { hashPatches, type PatchAsked } from "./hash-patches";
import { mirrorPath } from "./layout";

export interface FindEqualPatches {
  home: string;
  repositoryId: RepositoryId;
  defaultHead: Sha;
  /** Compare with what the default branch got since this head of it. */
  after: Sha | null;
  /** Compare with its commits that are younger than this, too. */
  since: Date | null;
  /** Commits, each to be found as one commit of the default branch. */
  shas: Sha[];
  /** Ranges, each to be found as one commit of the default branch. */
  ranges: { from: Sha; to: Sha }[];
  signal?: AbortSignal;
}

type Equal = NonNullable<CommitReach["equal"]>;

const maxCandidates = 1000;
const maxRemembered = 100_000;
/** A patch never changes: what was hashed once is remembered until the process ends. */
const remembered = new Map<string, string | null>();

/**
 * Finds the commits that came into the default branch as another commit with the very same change: by
 * cherry-pick, rebase or squash. At most the newest 1,000 commits there are compared.
 * @throws GitFailed
 */
export async function findEqualPatches(input: FindEqualPatches): Promise<Map<Sha, Equal>> {
  const found = new Map<Sha, Equal>();
  const candidates = await hashCandidates(input);
  if (candidates.size === 0) return found;
  const asked: PatchAsked[] = [
    ...input.shas.map((sha) => ({ sha })),
    ...input.ranges.map(({ from, to }) => ({ sha: to, from })),
  ];
  const hashes = await recall(input, asked);
  for (const [index, { sha, from }] of asked.entries()) {
    const as = candidates.get(hashes[index] ?? "");
    if (!as) continue;
    if (!from) found.set(sha, { by: "same_patch", as });
    else for (const each of await listRange(input, from, sha)) setIfNew(found, each, as);
  }
  return found;
}

function setIfNew(found: Map<Sha, Equal>, sha: Sha, as: Sha): void {
  if (!found.has(sha)) found.set(sha, { by: "squash", as });
}

/** The default branch's commits by the hash of their patches. */
async function hashCandidates(input: FindEqualPatches): Promise<Map<string, Sha>> {
  const { defaultHead, after, since } = input;
  if (input.shas.length + input.ranges.length === 0) return new Map();
  const limit = ["--no-merges", `--max-count=${maxCandidates}`, defaultHead];
  const newer = after && after !== defaultHead ? await revList(input, [...limit, `^${after}`]) : [];
  const seconds = since ? Math.floor(since.getTime() / 1000) : 0;
  const younger = since ? await revList(input, [`--since=${seconds}`, ...limit]) : [];
  const candidates = [...new Set([...newer, ...younger])];
  const hashes = await recall(
    input,
    candidates.map((sha) => ({ sha })),
  );
  return new Map(
    candidates.flatMap((sha, index) => {
      const hash = hashes[index];
      return hash ? [[hash, sha] as const] : [];
    }),
  );
}

const listRange = (input: FindEqualPatches, from: Sha, to: Sha) => revList(input, [to, `^${from}`]);

async function revList(
  { home, repositoryId, signal }: FindEqualPatches,
  args: string[],
): Promise<Sha[]> {
  const { stdout } = await git(["rev-list", ...args, "--"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
    signal,
  });
  const lines = stdout.toString().split("\n").filter(Boolean);
  return lines.map((sha) => shaSchema.parse(sha));
}

const keyOf = ({ sha, from }: PatchAsked) => `${from ?? ""}..${sha}`;

async function recall(input: FindEqualPatches, asked: PatchAsked[]): Promise<(string | null)[]> {
  const hashes = new Map<string, string | null>();
  const unknown: PatchAsked[] = [];
  for (const patch of asked) {
    const known = remembered.get(keyOf(patch));
    if (known === undefined) unknown.push(patch);
    else hashes.set(keyOf(patch), known);
  }
  if (remembered.size > maxRemembered) remembered.clear();
  const fresh = await hashPatches({ ...input, asked: unknown });
  for (const [index, patch] of unknown.entries()) {
    hashes.set(keyOf(patch), fresh[index] ?? null);
    remembered.set(keyOf(patch), fresh[index] ?? null);
  }
  return asked.map((patch) => hashes.get(keyOf(patch)) ?? null);
}
