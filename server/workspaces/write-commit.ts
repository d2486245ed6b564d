import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";

/** Who makes the commits of deliveries. */
export const coppiceIdentity = { name: "Coppice", email: "delivery@coppice.invalid" };

export interface WriteCommit {
  home: string;
  repositoryId: RepositoryId;
  tree: string;
  parents: Sha[];
  message: string;
  author: { name: string; email: string; at: Date };
  /** The committer's date: the same for the same delivery, so that it is the same commit again. */
  at: Date;
}

/** Makes a commit in the mirror, under no ref and without a signature. @throws GitFailed */
export async function writeCommit(input: WriteCommit): Promise<Sha> {
  const { home, tree, parents, message, author, at } = input;
  const { stdout } = await git(
    ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"],
    {
      home,
      gitDir: mirrorPath(home, input.repositoryId),
      input: message,
      env: {
        GIT_AUTHOR_NAME: author.name || coppiceIdentity.name,
        GIT_AUTHOR_EMAIL: author.email || coppiceIdentity.email,
        GIT_AUTHOR_DATE: dateOf(author.at),
        GIT_COMMITTER_NAME: coppiceIdentity.name,
        GIT_COMMITTER_EMAIL: coppiceIdentity.email,
        GIT_COMMITTER_DATE: dateOf(at),
      },
    },
  );
  return shaSchema.parse(stdout.toString().trim());
}

const dateOf = (at: Date) => `@${Math.floor(at.getTime() / 1000)} +0000`;
