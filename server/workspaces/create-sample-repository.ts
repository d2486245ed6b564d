import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Conflict } from "@/server/domain/errors";
import { type Sha, shaSchema } from "@/server/domain/ids";
import { exists } from "./exists";
import { git } from "./git";
import { isGitFolder } from "./reach-origin";
import { sampleFiles, sampleFix } from "./sample-files";

const author = { name: "Coppice Sample", email: "sample@coppice.invalid" };

/**
 * Makes a small repository to try Coppice on: a tiny module with one bug and a test that shows it.
 * The commits are the same every time. Calling it again gives the present one.
 * @throws Conflict when something else is at that path.
 */
export async function createSampleRepository(input: {
  home: string;
  path: string;
}): Promise<{ headSha: Sha }> {
  if (!(await exists(input.path))) await make(input);
  else if (!(await isGitFolder(path.join(input.path, ".git")))) {
    throw new Conflict(`${input.path} exists already and is not a repository.`);
  }
  const { stdout } = await git(["rev-parse", "HEAD"], {
    home: input.home,
    gitDir: path.join(input.path, ".git"),
  });
  return { headSha: shaSchema.parse(stdout.toString().trim()) };
}

async function make(input: { home: string; path: string }): Promise<void> {
  const temporary = `${input.path}.new-${randomUUID()}`;
  await mkdir(temporary, { recursive: true });
  const options = { home: input.home, cwd: temporary };
  await git(["init", "--quiet", "--template=", "--initial-branch=main"], options);
  await commit(temporary, input.home, sampleFiles, "Count the words of a text", 0);
  await commit(temporary, input.home, sampleFix, "Leave out words that say little", 86_400);
  try {
    await rename(temporary, input.path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    // Somebody made the same repository meanwhile.
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

async function commit(
  folder: string,
  home: string,
  files: Record<string, string>,
  message: string,
  afterSeconds: number,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  const date = `${1_767_258_000 + afterSeconds} +0000`;
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  };
  const options = { home, cwd: folder, workTree: folder, gitDir: path.join(folder, ".git") };
  await git(["add", "--all", "--", "."], options);
  await git(["commit", "--quiet", "-F", "-"], { ...options, env, input: `${message}\n` });
}
