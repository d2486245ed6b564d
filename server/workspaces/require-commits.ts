import { NotFound } from "@/server/domain/errors";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { exists } from "./exists";
import { git } from "./git";
import { mirrorPath } from "./layout";

const hint =
  "Another host may have it, or its disk was lost. “coppice doctor” tells what is missing.";

/**
 * Makes sure that a host's mirror has commits before anything is made of them.
 * @throws NotFound naming the first that is not there, GitFailed.
 */
export async function requireCommits(
  home: string,
  repositoryId: RepositoryId,
  shas: Sha[],
): Promise<void> {
  const gitDir = mirrorPath(home, repositoryId);
  if (!(await exists(gitDir))) throw new NotFound("mirror on this host", repositoryId, { hint });
  const { stdout } = await git(["cat-file", "--batch-check=%(objecttype)"], {
    home,
    gitDir,
    input: `${shas.map((sha) => shaSchema.parse(sha)).join("\n")}\n`,
  });
  const types = stdout.toString().split("\n");
  const missing = shas.find((_, index) => types[index] !== "commit");
  if (missing) throw new NotFound("commit in this host's mirror", missing, { hint });
}
