import { randomUUID } from "node:crypto";
import { lstat, mkdir, rename, rmdir } from "node:fs/promises";
import path from "node:path";
import { type AgentGitFolder, writeAgentGitFolder } from "./write-agent-git-folder";

/**
 * Puts a fresh `.git` under a workspace's files. The one the agent used is set aside, never deleted:
 * it may hold what no ref of ours does.
 * @returns where the old one is now, or null when there was none.
 */
export async function replaceGitFolder(
  workspace: string,
  input: AgentGitFolder,
): Promise<string | null> {
  const fresh = `${workspace}.new-${randomUUID()}`;
  await mkdir(fresh, { recursive: true });
  const folder = path.join(fresh, ".git");
  await writeAgentGitFolder(folder, input);
  const aside = await setAside(workspace, input.home);
  await rename(folder, path.join(workspace, ".git"));
  await rmdir(fresh);
  return aside;
}

async function setAside(workspace: string, home: string): Promise<string | null> {
  const old = path.join(workspace, ".git");
  const isThere = await lstat(old).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!isThere) return null;
  const shelf = path.join(home, "set-aside", path.basename(workspace));
  await mkdir(shelf, { recursive: true });
  const aside = path.join(
    shelf,
    `${new Date().toISOString().replaceAll(":", "-")}-${randomUUID()}`,
  );
  await rename(old, aside);
  return aside;
}
