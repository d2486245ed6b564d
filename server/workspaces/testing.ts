import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Access, Confine } from "@/server/domain/confinement";
import {
  repositoryIdSchema,
  runIdSchema,
  type Sha,
  shaSchema,
  workspaceIdSchema,
} from "@/server/domain/ids";
import { ensureMirror } from "./ensure-mirror";
import { mirrorPath, workspacePath } from "./layout";
import { type OpenWorkspace, openWorkspace } from "./open-workspace";

/** A temporary Coppice home with a real origin of two commits beside it. For tests only. */
export interface TestHome {
  root: string;
  home: string;
  origin: string;
  base: Sha;
}

const identity = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
};

export function makeTestHome(): TestHome {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "coppice-git-")));
  const origin = path.join(root, "origin");
  mkdirSync(path.join(root, "home"));
  runGit(root, "init", "-q", "-b", "main", origin);
  writeTree(origin, { "a.txt": "one\n", "src/b.txt": "two\n", "src/c.txt": "three\n" });
  commitAll(origin, "First");
  writeTree(origin, { "a.txt": "one\nmore\n", ".gitignore": "cache/\n" });
  const base = commitAll(origin, "Second");
  return { root, home: path.join(root, "home"), origin, base };
}

export function removeTestHome({ root }: TestHome): void {
  spawnSync("chmod", ["-R", "u+rwX", root]);
  rmSync(root, { recursive: true, force: true });
}

/** What a person or an agent does with git, outside Coppice. */
export function runGit(cwd: string, ...args: string[]): string {
  const env = {
    PATH: process.env.PATH,
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    ...identity,
  } as unknown as NodeJS.ProcessEnv;
  return execFileSync("git", args, { cwd, env, stdio: "pipe" }).toString().trim();
}

export function writeTree(folder: string, files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
}

export function commitAll(folder: string, message: string): Sha {
  runGit(folder, "add", "-A");
  runGit(folder, "commit", "-q", "--allow-empty", "-m", message);
  return shaSchema.parse(runGit(folder, "rev-parse", "HEAD"));
}

const openly: Confine = (argv) => argv;

/** Nothing but the named folders and the system, read-only; no network. */
const inBubblewrap: Confine = (argv, access: Access) => {
  const bind = (kind: string, folders: string[]) => folders.flatMap((name) => [kind, name, name]);
  const system = ["/usr", "/bin", "/lib", "/lib64", "/etc"];
  return [
    ...["bwrap", "--unshare-all", "--die-with-parent", "--proc", "/proc", "--dev", "/dev"],
    ...bind("--ro-bind-try", system),
    ...bind("--bind", access.readWrite),
    ...bind("--ro-bind", access.readOnly),
    ...argv,
  ];
};

/** Each way of confining that this host can do; where there is no bubblewrap, only the open one. */
export const confinements: [string, Confine][] = [["openly", openly]];
if (spawnSync("bwrap", ["--unshare-all", "--ro-bind", "/", "/", "true"]).status === 0) {
  confinements.push(["in bubblewrap", inBubblewrap]);
}

/** A new workspace at the origin's head, and what later calls about it need. */
export async function openTestWorkspace(
  { home, origin, base }: TestHome,
  more: Partial<OpenWorkspace> = {},
) {
  const input: OpenWorkspace = {
    home,
    origin,
    repositoryId: repositoryIdSchema.parse(randomUUID()),
    workspaceId: workspaceIdSchema.parse(randomUUID()),
    runId: runIdSchema.parse(randomUUID()),
    attemptNumber: 1,
    branch: "coppice/build/1",
    baseCommit: base,
    mode: "new",
    confine: openly,
    ...more,
  };
  await ensureMirror(input);
  const opened = await openWorkspace(input);
  return {
    input,
    opened,
    folder: workspacePath(home, input.repositoryId, input.workspaceId),
    mirror: mirrorPath(home, input.repositoryId),
    capture: { ...input, parent: input.baseCommit, message: "Snapshot\n" },
  };
}
