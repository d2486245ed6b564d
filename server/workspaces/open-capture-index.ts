import { randomUUID } from "node:crypto";
import { link, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { CaptureWorkspace } from "./capture-workspace";
import { exists } from "./exists";
import { type GitOptions, type GitResult, git } from "./git";
import { identifyProcess } from "./identify-process";
import { mirrorPath } from "./layout";
import { writeShadow } from "./write-shadow";

/** One capture's own copy of the shadow's index: a killed capture leaves no lock in anybody's way. */
export interface CaptureIndex {
  workspace: string;
  mirror: string;
  shadow: string;
  file: string;
  /** Runs git over the agent's files with our config and index, confined. */
  run(args: string[], options?: Partial<GitOptions>): Promise<GitResult>;
  writeTree(): Promise<string>;
  /** Makes this index the shadow's, so that the next capture finds only what changed since. */
  keep(): Promise<void>;
}

export async function openCaptureIndex(
  input: Pick<
    CaptureWorkspace,
    "home" | "repositoryId" | "workspaceId" | "parent" | "confine" | "signal"
  >,
  workspace: string,
): Promise<CaptureIndex> {
  const { home, repositoryId, workspaceId, parent, confine, signal } = input;
  const mirror = mirrorPath(home, repositoryId);
  const shadow = await writeShadow({ home, workspaceId, mirror, head: parent });
  await writeFile(path.join(shadow, "HEAD"), `${parent}\n`);
  await removeForgotten(shadow);
  const file = path.join(shadow, `capture-${process.pid}-${randomUUID()}`);
  const common = { home, gitDir: shadow, indexFile: file, signal };
  const kept = path.join(shadow, "index");
  // A link keeps the index's exact time, by which git knows the files that changed right after it;
  // git replaces an index by rename and never writes into the one there is.
  if (await exists(kept)) await link(kept, file);
  else await git(["read-tree", parent], common);
  const access = {
    readWrite: [shadow],
    readOnly: [workspace, path.join(mirror, "objects"), path.join(home, "git")],
    network: false,
  };
  return {
    workspace,
    mirror,
    shadow,
    file,
    run: (args, options) =>
      git(args, { ...common, workTree: workspace, cwd: workspace, confine, access, ...options }),
    writeTree: async () => (await git(["write-tree"], common)).stdout.toString().trim(),
    keep: () => rename(file, kept),
  };
}

/** Copies of captures whose process was killed. */
async function removeForgotten(shadow: string): Promise<void> {
  for (const name of await readdir(shadow)) {
    const pid = /^capture-(\d+)-/.exec(name)?.[1];
    if (!pid || Number(pid) === process.pid || (await identifyProcess(Number(pid)))) continue;
    await rm(path.join(shadow, name), { force: true });
  }
}
