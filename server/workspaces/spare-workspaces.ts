import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, unlink } from "node:fs/promises";
import path from "node:path";
import { crashAt } from "@/server/domain/crash-points";
import { type RepositoryId, repositoryIdSchema, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath, shadowPath, sparesPath } from "./layout";
import { writeAgentGitFolder } from "./write-agent-git-folder";
import { copyIndex, writeShadow } from "./write-shadow";

/** A checkout made in advance. No agent has ever been in it. */
interface SpareWorkspace {
  head: Sha;
  /** Also the name of its shadow, among those of the workspaces. */
  id: string;
}

const spareBranch = "coppice-spare";
const halfMade = ".half";

interface Place {
  home: string;
  repositoryId: RepositoryId;
}

/**
 * Makes one spare checkout of a commit if there are fewer than `count`, and removes those of other
 * commits. One at a call, because a large repository's takes seconds. Answers whether it made one.
 */
export async function refillSpares(
  input: Place & { origin: string; head: Sha; count: number },
): Promise<boolean> {
  await removeHalfMade(input);
  const spares = await listSpares(input);
  for (const spare of spares) {
    if (spare.head !== input.head) await removeSpare(input, spare);
  }
  if (spares.filter(({ head }) => head === input.head).length >= input.count) return false;
  await makeSpare(input);
  return true;
}

async function makeSpare(input: Place & { origin: string; head: Sha }): Promise<void> {
  const { home, repositoryId, head, origin } = input;
  const mirror = mirrorPath(home, repositoryId);
  const spare = { head, id: randomUUID() };
  const temporary = `${folderOf(input, spare)}${halfMade}`;
  await mkdir(temporary, { recursive: true });
  const gitDir = path.join(temporary, ".git");
  await writeAgentGitFolder(gitDir, { home, mirror, origin, branch: spareBranch, head });
  await git(["read-tree", "-u", "--reset", head], { home, gitDir, workTree: temporary });
  const shadow = await writeShadow({ home, workspaceId: spare.id, mirror, head });
  await copyIndex(path.join(gitDir, "index"), path.join(shadow, "index"));
  await crashAt("mid:pool");
  await rename(temporary, folderOf(input, spare));
}

/**
 * Takes a spare checkout of this commit for a workspace: its folder becomes `temporary`, its shadow the
 * workspace's. False when there is none. Renames decide between two who want the same.
 */
export async function takeSpare(
  input: Place & { head: Sha; temporary: string; workspaceId: string },
): Promise<boolean> {
  for (const spare of await listSpares(input)) {
    if (spare.head !== input.head) continue;
    if (!(await renameIfThere(folderOf(input, spare), input.temporary))) continue;
    const own = shadowPath(input.home, input.workspaceId);
    await rm(own, { recursive: true, force: true });
    await renameIfThere(shadowPath(input.home, spare.id), own);
    await unlink(path.join(input.temporary, ".git", "refs", "heads", spareBranch));
    return true;
  }
  return false;
}

async function listSpares(input: Place): Promise<SpareWorkspace[]> {
  return (await listNames(input)).flatMap((name) => readName(name) ?? []);
}

/** Removes what a killed refill left of any repository. Refills of a host go one after another. */
export async function removeHalfMadeSpares(home: string): Promise<void> {
  const names = await readdir(path.join(home, "workspaces")).catch(whenMissing);
  for (const name of names) {
    const repositoryId = repositoryIdSchema.safeParse(name).data;
    if (repositoryId) await removeHalfMade({ home, repositoryId });
  }
}

async function removeHalfMade(input: Place): Promise<void> {
  for (const name of await listNames(input)) {
    if (!name.endsWith(halfMade)) continue;
    await rm(path.join(sparesPath(input.home, input.repositoryId), name), {
      recursive: true,
      force: true,
    });
    const spare = readName(name.slice(0, -halfMade.length));
    if (spare) await rm(shadowPath(input.home, spare.id), { recursive: true, force: true });
  }
}

async function listNames(input: Place): Promise<string[]> {
  return readdir(sparesPath(input.home, input.repositoryId)).catch(whenMissing);
}

function whenMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOENT") return [];
  throw error;
}

function readName(name: string): SpareWorkspace | null {
  const [, head, id] = /^([0-9a-f]{40,64})-([0-9a-f-]{36})$/.exec(name) ?? [];
  return head && id ? { head: shaSchema.parse(head), id } : null;
}

async function removeSpare(input: Place, spare: SpareWorkspace): Promise<void> {
  await rm(folderOf(input, spare), { recursive: true, force: true });
  await rm(shadowPath(input.home, spare.id), { recursive: true, force: true });
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

const folderOf = (input: Place, { head, id }: SpareWorkspace) =>
  path.join(sparesPath(input.home, input.repositoryId), `${head}-${id}`);
