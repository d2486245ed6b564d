import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { workspaceIdSchema } from "@/server/domain/ids";
import { captureWorkspace } from "./capture-workspace";
import { openWorkspace } from "./open-workspace";
import {
  commitAll,
  makeTestHome,
  openTestWorkspace,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "./testing";

let at: TestHome;
beforeEach(() => {
  at = makeTestHome();
});
afterEach(() => removeTestHome(at));

test("gives a clean checkout on its branch that sees the origin's branches and tags", async () => {
  runGit(at.origin, "tag", "-a", "v1", "-m", "one");
  const { folder, opened } = await openTestWorkspace(at);
  expect(runGit(folder, "status", "--porcelain=v2", "--branch")).toBe(
    `# branch.oid ${at.base}\n# branch.head coppice/build/1`,
  );
  expect(runGit(folder, "rev-parse", "origin/main", "v1^{commit}")).toBe(`${at.base}\n${at.base}`);
  expect(runGit(folder, "remote", "get-url", "origin")).toBe(at.origin);
  expect(opened).toEqual({
    path: folder,
    branch: "coppice/build/1",
    headCommit: at.base,
    notices: [],
    leftBehind: null,
  });
  expect(readFileSync(path.join(folder, "a.txt"), "utf8")).toBe("one\nmore\n");
  runGit(folder, "fsck", "--strict");
});

test("lets the agent commit without any git settings of its own", async () => {
  const { folder } = await openTestWorkspace(at);
  writeTree(folder, { "new.txt": "new" });
  const env = { PATH: process.env.PATH, HOME: "/nonexistent" };
  const { execFileSync } = await import("node:child_process");
  const options = { cwd: folder, env: env as unknown as NodeJS.ProcessEnv };
  execFileSync("git", ["add", "new.txt"], options);
  execFileSync("git", ["commit", "-qm", "work"], options);
  expect(runGit(folder, "log", "-1", "--format=%an %s")).toBe("Coppice agent work");
});

test("keeps the base commit readable after its branch is gone at the origin and in the mirror", async () => {
  const { folder, mirror } = await openTestWorkspace(at);
  runGit(mirror, "update-ref", "-d", "refs/remotes/origin/main");
  runGit(mirror, "gc", "--prune=now", "--quiet");
  expect(runGit(folder, "log", "--format=%s")).toBe("Second\nFirst");
});

test("opens twelve workspaces of one repository at once", async () => {
  const { input } = await openTestWorkspace(at);
  const opened = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      openWorkspace({
        ...input,
        workspaceId: workspaceIdSchema.parse(randomUUID()),
        branch: `coppice/build/${index + 2}`,
      }),
    ),
  );
  for (const { path: folder } of opened) expect(runGit(folder, "status", "--porcelain")).toBe("");
});

test("uses a workspace that is there already instead of making it again", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeFileSync(path.join(folder, "work.txt"), "work");
  const again = await openWorkspace(input);
  expect(again.notices[0]).toMatch(/there already/);
  expect(existsSync(path.join(folder, "work.txt"))).toBe(true);
});

test("continues with the agent's own git folder, moved on to the snapshot", async () => {
  const { input, folder, capture } = await openTestWorkspace(at);
  runGit(folder, "config", "custom.mark", "kept");
  writeTree(folder, { "left.txt": "over", "src/b.txt": "changed" });
  const { sha } = await captureWorkspace(capture);
  const opened = await openWorkspace({ ...input, mode: "continue", headCommit: sha ?? at.base });
  expect(opened.headCommit).toBe(sha);
  expect(runGit(folder, "rev-parse", "HEAD")).toBe(sha);
  expect(runGit(folder, "status", "--porcelain")).toBe("");
  expect(runGit(folder, "config", "custom.mark")).toBe("kept");
  expect(readFileSync(path.join(folder, "left.txt"), "utf8")).toBe("over");
});

test("keeps commits beyond the recorded head when it continues, and says so", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeTree(folder, { "more.txt": "x" });
  const head = commitAll(folder, "More");
  const opened = await openWorkspace({ ...input, mode: "continue", headCommit: at.base });
  expect(opened.headCommit).toBe(head);
  expect(opened.notices.join()).toMatch(/beyond the recorded head/);
});

test("makes a workspace that is gone again at the same path, from its recorded head", async () => {
  const { input, folder, capture } = await openTestWorkspace(at);
  writeTree(folder, { "left.txt": "over" });
  const { sha } = await captureWorkspace(capture);
  rmSync(folder, { recursive: true });
  const opened = await openWorkspace({ ...input, mode: "continue", headCommit: sha ?? at.base });
  expect(opened).toMatchObject({ path: folder, headCommit: sha });
  expect(readFileSync(path.join(folder, "left.txt"), "utf8")).toBe("over");
  expect(opened.notices.join()).toMatch(/made again/);
});

test("removes the locks of a stopped git when it continues", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeFileSync(path.join(folder, ".git/index.lock"), "");
  writeFileSync(path.join(folder, ".git/refs/heads/coppice/build/1.lock"), "");
  const opened = await openWorkspace({ ...input, mode: "continue", headCommit: at.base });
  expect(opened.notices.join()).toMatch(/index.lock/);
  expect(commitAll(folder, "works again")).toMatch(/^[0-9a-f]{40}$/);
});

test("puts a new git folder under the files when the agent's is gone", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeTree(folder, { "left.txt": "over" });
  rmSync(path.join(folder, ".git"), { recursive: true });
  const opened = await openWorkspace({ ...input, mode: "continue", headCommit: at.base });
  expect(opened.notices.join()).toMatch(/is gone.*made new/);
  expect(runGit(folder, "status", "--porcelain")).toBe("?? left.txt");
});

test("leaves an unfinished rebase as it is when it continues", async () => {
  const { input, folder } = await openTestWorkspace(at);
  leaveRebaseUnfinished(folder);
  const opened = await openWorkspace({ ...input, mode: "continue", headCommit: at.base });
  expect(opened.notices.join()).toMatch(/unfinished rebase/);
  expect(existsSync(path.join(folder, ".git/rebase-merge"))).toBe(true);
});

test("cleans a persistent workspace for another session and loses nothing", async () => {
  const { input, folder, mirror } = await openTestWorkspace(at);
  writeTree(folder, { "own.txt": "own" });
  const own = commitAll(folder, "Own work");
  writeTree(folder, {
    "left.txt": "left",
    "cache/big": "cache",
    "empty/x": "x",
    "a.txt": "edited",
  });
  mkdirSync(path.join(folder, "nested"));
  runGit(path.join(folder, "nested"), "init", "-q");
  writeTree(folder, { "nested/inner.txt": "precious" });
  runGit(folder, "config", "core.fsmonitor", "false");
  const opened = await openWorkspace({ ...input, mode: "clean", branch: "next", headCommit: own });
  expect(runGit(folder, "status", "--porcelain=v2", "--branch", "--ignored")).toBe(
    `# branch.oid ${at.base}\n# branch.head next\n! cache/`,
  );
  expect(existsSync(path.join(folder, "nested"))).toBe(false);
  expect(readFileSync(path.join(folder, "cache/big"), "utf8")).toBe("cache");
  const sha = opened.leftBehind?.sha ?? "";
  expect(runGit(mirror, "show", `${sha}:left.txt`)).toBe("left");
  expect(runGit(mirror, "show", `${sha}:nested/inner.txt`)).toBe("precious");
  expect(runGit(mirror, "for-each-ref", `--contains=${own}`)).toContain("refs/coppice/keep/");
});

test("refuses to clean over a file that cannot be stored, and changes nothing", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeFileSync(path.join(folder, "huge.bin"), Buffer.alloc(51 * 1024 * 1024));
  await expect(openWorkspace({ ...input, mode: "clean" })).rejects.toThrow(/huge.bin \(larger/);
  expect(existsSync(path.join(folder, "huge.bin"))).toBe(true);
});

function leaveRebaseUnfinished(folder: string): void {
  writeTree(folder, { "a.txt": "mine\n" });
  commitAll(folder, "Mine");
  runGit(folder, "switch", "-q", "-c", "theirs", "HEAD~1");
  writeTree(folder, { "a.txt": "theirs\n" });
  commitAll(folder, "Theirs");
  expect(() => runGit(folder, "rebase", "coppice/build/1")).toThrow(/conflict/i);
}
