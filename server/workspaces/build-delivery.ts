import type { FileConflict, MergeMethod } from "@/server/domain/delivery";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";
import { mergeCommits } from "./merge-commits";
import { rebaseCommits } from "./rebase-commits";
import { coppiceIdentity, writeCommit } from "./write-commit";

export interface BuildDelivery {
  home: string;
  repositoryId: RepositoryId;
  method: MergeMethod;
  target: Sha;
  source: Sha;
  /** Of a merge commit or a squash; who else wrote the squashed commits is added to a squash. */
  message: string;
  at: Date;
}

export type Built = { sha: Sha } | { conflicts: FileConflict[] };

/**
 * Makes the commit to which a branch is to move so that it has the work, in the mirror and under no ref.
 * Made again for the same delivery on the same target it is the same commit.
 * @throws Unprocessable when the histories cannot be put together, GitFailed.
 */
export async function buildDelivery(input: BuildDelivery): Promise<Built> {
  const { home, repositoryId, method, target, source, at } = input;
  if (method === "fast_forward") return { sha: source };
  if (method === "rebase") return rebaseCommits({ home, repositoryId, onto: target, source, at });
  const merged = await mergeCommits({ home, repositoryId, ours: target, theirs: source });
  if (merged.conflicts) return { conflicts: merged.conflicts };
  const authors = method === "squash" ? await listAuthors(input) : [];
  const [first = coppiceIdentity, ...others] = authors;
  const sha = await writeCommit({
    ...{ home, repositoryId, at },
    tree: merged.tree,
    parents: method === "squash" ? [target] : [target, source],
    message: addAuthors(input.message, others),
    author: { ...first, at },
  });
  return { sha };
}

export interface BuildRevert {
  home: string;
  repositoryId: RepositoryId;
  target: Sha;
  /** The change from `before` to `after` is taken back on top of the target. */
  before: Sha;
  after: Sha;
  message: string;
  at: Date;
}

/** One commit on the target that takes a change back, in the mirror and under no ref. @throws GitFailed */
export async function buildRevert(input: BuildRevert): Promise<Built> {
  const { home, repositoryId, target, before, after, message, at } = input;
  const sides = { ours: target, theirs: before, base: after };
  const merged = await mergeCommits({ home, repositoryId, ...sides });
  if (merged.conflicts) return { conflicts: merged.conflicts };
  const author = { ...coppiceIdentity, at };
  const place = { home, repositoryId, at, author, message };
  return { sha: await writeCommit({ ...place, tree: merged.tree, parents: [target] }) };
}

/** Who wrote the squashed commits, the one who wrote most of them first. */
async function listAuthors({ home, repositoryId, target, source }: BuildDelivery) {
  const range = `${shaSchema.parse(target)}..${shaSchema.parse(source)}`;
  const { stdout } = await git(
    ["log", "--no-merges", "--max-count=1000", "--format=%an%x00%ae", range, "--"],
    { home, gitDir: mirrorPath(home, repositoryId) },
  );
  const counts = new Map<string, number>();
  for (const line of stdout.toString("utf8").split("\n").filter(Boolean)) {
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([line]) => {
      const [name = "", email = ""] = line.split("\0");
      return { name, email };
    })
    .filter(({ email }) => !email.endsWith("@coppice.invalid"));
}

/** Beside the other trailers, which end the message. */
function addAuthors(message: string, authors: { name: string; email: string }[]): string {
  const lines = authors
    .slice(0, 20)
    .map(({ name, email }) => `Co-authored-by: ${name} <${email}>\n`);
  return `${message.trimEnd()}\n${lines.join("")}`;
}
