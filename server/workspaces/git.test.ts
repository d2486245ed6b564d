import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { repositoryIdSchema, workspaceIdSchema } from "@/server/domain/ids";
import { checkGitVersion, isSafeVersion } from "./check-git-version";
import { createSampleRepository } from "./create-sample-repository";
import { GitFailed, git } from "./git";
import { identifyProcess } from "./identify-process";
import { mirrorPath, workspacePath } from "./layout";
import { makeTestHome, removeTestHome, runGit, type TestHome } from "./testing";

let at: TestHome;
beforeEach(() => {
  at = makeTestHome();
});
afterEach(() => {
  vi.unstubAllEnvs();
  removeTestHome(at);
});

test("tells how git failed as facts", async () => {
  const failure = git(["rev-parse", "--verify", "nope"], { home: at.home, cwd: at.origin });
  await expect(failure).rejects.toMatchObject({
    args: ["rev-parse", "--verify", "nope"],
    exitCode: 128,
    timedOut: false,
    message: "git rev-parse failed: Needed a single revision",
  });
});

test("gives git no variable of the worker's environment and no config but its own", async () => {
  vi.stubEnv("DATABASE_URL", "postgres://secret");
  vi.stubEnv("GIT_DIR", "/wrong");
  const shown = await git(["-c", "alias.show-env=!env", "show-env"], { home: at.home });
  expect(shown.stdout.toString()).not.toMatch(/secret|\/wrong/);
  const config = await git(["config", "--list", "--show-origin"], { home: at.home });
  const origins = config.stdout.toString().match(/^\S+/gm);
  expect([...new Set(origins)]).toEqual([`file:${at.home}/git/config`, "command"]);
});

test("kills git and all it started when its time is over, or when it is called off", async () => {
  const pidFile = path.join(at.root, "pid");
  const args = ["-c", `alias.hang=!sleep 600 & echo $! > ${pidFile}; wait`, "hang"];
  const late = git(args, { home: at.home, timeoutSeconds: 0.5 });
  await expect(late).rejects.toMatchObject({ timedOut: true });
  const pid = Number(readFileSync(pidFile, "utf8"));
  await vi.waitFor(async () => expect(await identifyProcess(pid)).toBeNull());
  const called = git(args, { home: at.home, signal: AbortSignal.timeout(200) });
  await expect(called).rejects.toBeInstanceOf(GitFailed);
});

test("stops at the output limit: fails, or cuts where that was asked for", async () => {
  const args = ["log", "--patch"];
  const options = { home: at.home, cwd: at.origin, maxOutputBytes: 50 };
  await expect(git(args, options)).rejects.toThrow(/too long/);
  const cut = await git(args, { ...options, whenTooLong: "cut" });
  expect(cut).toMatchObject({ isCut: true });
  expect(cut.stdout).toHaveLength(50);
});

test("uses no transport unless it was named", async () => {
  const args = ["ls-remote", "--", at.origin];
  await expect(git(args, { home: at.home })).rejects.toThrow(/not allowed/);
  const https = git(args, { home: at.home, allowProtocols: "https:ssh" });
  await expect(https).rejects.toThrow(/not allowed/);
  expect((await git(args, { home: at.home, allowProtocols: "file" })).exitCode).toBe(0);
});

test("knows which versions of git run code of a hostile clone", async () => {
  expect((await checkGitVersion(at.home)).version).toMatch(/^2\./);
  for (const version of ["2.39.4", "2.39.5", "2.45.1", "2.47.0", "3.0.0"]) {
    expect(isSafeVersion(version), version).toBe(true);
  }
  for (const version of ["2.39.3", "2.40.1", "2.45.0", "2.30.9", "1.9.0"]) {
    expect(isSafeVersion(version), version).toBe(false);
  }
});

test("makes paths of ids only, and only inside its home", () => {
  const id = "0b1f7a34-9f51-4a2e-8f0a-64f6b8b7a9d0";
  const [repositoryId, workspaceId] = [repositoryIdSchema.parse(id), workspaceIdSchema.parse(id)];
  expect(workspacePath("/h", repositoryId, workspaceId)).toBe(`/h/workspaces/${id}/${id}`);
  expect(() => workspacePath("/h", repositoryId, "../.." as typeof workspaceId)).toThrow();
  expect(() => mirrorPath("relative", repositoryId)).toThrow(/absolute/);
  expect(() => mirrorPath("/", repositoryId)).toThrow();
});

test("makes the same sample repository every time, with one failing test", async () => {
  const folder = path.join(at.root, "sample");
  const [first, second] = await Promise.all([
    createSampleRepository({ home: at.home, path: folder }),
    createSampleRepository({ home: at.home, path: folder }),
  ]);
  expect(second).toEqual(first);
  expect(await createSampleRepository({ home: at.home, path: folder })).toEqual(first);
  expect(runGit(folder, "log", "--format=%an")).toBe("Coppice Sample\nCoppice Sample");
  expect(runGit(folder, "status", "--porcelain")).toBe("");
  const tested = spawnSync(process.execPath, ["--test"], {
    cwd: folder,
    env: { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv,
  });
  expect(tested.stdout.toString()).toMatch(/pass 1\n[\s\S]*fail 1\n/);
});

test("does not mistake a folder for the sample repository", async () => {
  const folder = path.join(at.root, "taken");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "x"), "");
  chmodSync(folder, 0o755);
  const made = createSampleRepository({ home: at.home, path: folder });
  await expect(made).rejects.toMatchObject({ code: "conflict" });
});
