import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Sha, shaSchema } from "@/server/domain/ids";
import { auditWorkspace } from "./audit-workspace";
import { captureWorkspace } from "./capture-workspace";
import { collectCommits } from "./collect-commits";
import { openWorkspace } from "./open-workspace";
import {
  commitAll,
  confinements,
  openTestWorkspace,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "./testing";
import { isHeld, keep, makeMarkedHome, remove, takeAwayAndBringBack } from "./testing-keep";

let at: TestHome;
beforeEach(() => {
  at = makeMarkedHome();
});
afterEach(() => removeTestHome(at));

test("an agent that deletes its git folder loses its commits to nobody: the files are captured and the folder stays", async () => {
  const opened = await openTestWorkspace(at);
  writeTree(opened.folder, { "new.txt": "new" });
  rmSync(path.join(opened.folder, ".git"), { recursive: true });
  const kept = await keep(opened);
  expect(runGit(opened.mirror, "show", `${kept.proof.filesCommit}:new.txt`)).toBe("new");
  await expect(remove(opened, kept)).rejects.toMatchObject({ reason: "commits_left_out" });
  expect(existsSync(path.join(opened.folder, "new.txt"))).toBe(true);
});

test("a rebase that stopped half-way: both lines, the commit it stopped at and the files are kept", async () => {
  const opened = await openTestWorkspace(at);
  const { folder, mirror } = opened;
  writeTree(folder, { "a.txt": "mine\n" });
  const mine = commitAll(folder, "Mine");
  runGit(folder, "switch", "-q", "-c", "theirs", "HEAD~1");
  writeTree(folder, { "b.txt": "fine\n" });
  const fine = commitAll(folder, "Applies");
  writeTree(folder, { "a.txt": "theirs\n" });
  const theirs = commitAll(folder, "Conflicts");
  expect(() => runGit(folder, "rebase", "coppice/build/1")).toThrow();
  const rebased = shaSchema.parse(runGit(folder, "rev-parse", "HEAD"));
  const { before, after, kept } = await takeAwayAndBringBack(opened);
  expect(after).toEqual(before);
  expect(readFileSync(path.join(folder, "a.txt"), "utf8")).toContain("<<<<<<<");
  expect(kept.proof.collected.state.unfinished).toEqual(["rebase"]);
  for (const sha of [mine, fine, theirs, rebased]) expect(isHeld(mirror, sha), sha).toBe(true);
});

test("a merge of a commit that no branch names is kept with it", async () => {
  const opened = await openTestWorkspace(at);
  const { folder, mirror } = opened;
  const nameless = runGit(folder, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "Nameless");
  runGit(folder, "merge", "-q", "--no-ff", "--no-commit", nameless);
  await keep(opened);
  expect(isHeld(mirror, nameless)).toBe(true);
});

test("a reset below the base leaves every commit that was there held", async () => {
  const opened = await openTestWorkspace(at);
  const { folder, mirror } = opened;
  const shas: Sha[] = [];
  for (const name of ["one", "two", "three"]) {
    writeTree(folder, { [`${name}.txt`]: name });
    shas.push(commitAll(folder, name));
  }
  runGit(folder, "reset", "-q", "--hard", "HEAD~4");
  const { after, before } = await takeAwayAndBringBack(opened);
  expect(after).toEqual(before);
  for (const sha of [...shas, at.base]) expect(isHeld(mirror, sha), sha).toBe(true);
});

test("what a keep ref held stays held when the same attempt is collected again after a rewrite", async () => {
  const { input, folder, mirror } = await openTestWorkspace(at);
  const shas: Sha[] = [];
  for (const name of ["first", "second", "third"]) {
    runGit(folder, "reset", "-q", "--hard", at.base);
    writeTree(folder, { "x.txt": name });
    shas.push(commitAll(folder, name));
    rmSync(path.join(folder, ".git/logs"), { recursive: true });
    const { headCommit, refs } = await collectCommits(input);
    expect(headCommit).toBe(shas.at(-1));
    for (const { name: ref, sha } of refs) expect(runGit(mirror, "rev-parse", ref)).toBe(sha);
  }
  runGit(folder, "branch", "-m", `${input.branch}/below`);
  expect(await collectCommits(input)).toMatchObject({ isComplete: true, problem: null });
  for (const sha of shas) expect(isHeld(mirror, sha), sha).toBe(true);
});

test("a repository that was committed as a mere commit id keeps its files and its own history", async () => {
  const opened = await openTestWorkspace(at);
  const { folder, mirror } = opened;
  const nested = path.join(folder, "nested");
  mkdirSync(nested);
  runGit(nested, "init", "-q");
  writeTree(nested, { "gone.txt": "only in history" });
  const old = commitAll(nested, "Old");
  rmSync(path.join(nested, "gone.txt"));
  writeTree(nested, { "kept.txt": "kept" });
  const tip = commitAll(nested, "New");
  writeTree(nested, { "loose.txt": "uncommitted" });
  runGit(folder, "add", "nested");
  commitAll(folder, "A commit id alone");
  const { before, after } = await takeAwayAndBringBack(opened);
  expect(after).toEqual(before);
  expect(Object.keys(after)).toContain(Buffer.from("nested/loose.txt").toString("hex"));
  for (const sha of [old, tip]) expect(isHeld(mirror, sha), sha).toBe(true);
  expect(runGit(mirror, "show", `${old}:gone.txt`)).toBe("only in history");
});

test("files in a submodule are kept beside the branches and come back", async () => {
  runGit(at.origin, "update-index", "--add", "--cacheinfo", `160000,${at.base},sub`);
  runGit(at.origin, "commit", "-qm", "A submodule that no file explains");
  at.base = shaSchema.parse(runGit(at.origin, "rev-parse", "HEAD"));
  const opened = await openTestWorkspace(at);
  const sub = path.join(opened.folder, "sub");
  mkdirSync(sub, { recursive: true });
  runGit(sub, "init", "-q");
  writeTree(sub, { "inner.txt": "inner", "deep/er.txt": "deeper" });
  const inner = commitAll(sub, "Inner");
  const { before, after, kept } = await takeAwayAndBringBack(opened);
  expect(kept.beside.files).toBe(2);
  expect(after).toEqual(before);
  expect(isHeld(opened.mirror, inner)).toBe(true);
});

test("a workspace that was replaced by a link to somebody's own checkout is not read, continued or removed", async () => {
  const opened = await openTestWorkspace(at);
  const { folder, input, capture } = opened;
  rmSync(folder, { recursive: true });
  symlinkSync(at.origin, folder);
  writeTree(at.origin, { "private.txt": "mine" });
  const before = runGit(at.origin, "status", "--porcelain=v2", "--branch");
  for (const use of [
    () => keep(opened),
    () => captureWorkspace(capture),
    () => collectCommits(input),
    () => auditWorkspace(capture),
    () => openWorkspace({ ...input, mode: "continue" }),
    () => openWorkspace({ ...input, mode: "clean" }),
  ]) {
    await expect(use()).rejects.toMatchObject({ code: "conflict" });
  }
  expect(runGit(at.origin, "status", "--porcelain=v2", "--branch")).toBe(before);
});

test("a nested repository that leads to another team's is not followed, and the workspace not removed", async () => {
  const other = await openTestWorkspace(at);
  writeTree(other.folder, { "secret.txt": "other team" });
  const secret = commitAll(other.folder, "Other team");
  const opened = await openTestWorkspace(at);
  const nested = path.join(opened.folder, "nested");
  mkdirSync(nested);
  runGit(nested, "init", "-q");
  const alternates = path.join(nested, ".git/objects/info/alternates");
  writeTree(nested, { x: "x" });
  commitAll(nested, "x");
  writeFileSync(alternates, `${other.folder}/.git/objects\n`);
  writeFileSync(path.join(nested, ".git/refs/heads/x"), `${secret}\n`);
  const kept = await keep(opened);
  expect(kept.proof.capture.leftOut).toMatchObject([{ path: "nested/.git" }]);
  expect(() => runGit(opened.mirror, "cat-file", "-e", secret)).toThrow();
  await expect(remove(opened, kept)).rejects.toMatchObject({ reason: "files_left_out" });
});

describe.each(confinements)("confined %s", (_, confine) => {
  test("nothing that the agent planted is run while its workspace is looked at, kept, restored or cleaned", async () => {
    const opened = await openTestWorkspace(at, { confine });
    const { folder, capture, input } = opened;
    const fired = path.join(at.root, "fired");
    const evil = path.join(folder, "evil");
    writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> ${fired}\ncat\n`);
    chmodSync(evil, 0o755);
    mkdirSync(path.join(folder, "nested"));
    runGit(path.join(folder, "nested"), "init", "-q");
    for (const place of [path.join(folder, "nested"), folder]) {
      writeTree(place, { "p.txt": "p" });
      commitAll(place, "P");
      for (const name of ["core.fsmonitor", "filter.x.clean", "filter.x.smudge", "diff.external"]) {
        runGit(place, "config", name, evil);
      }
      runGit(place, "config", "core.hooksPath", folder);
      mkdirSync(path.join(place, ".git/hooks"), { recursive: true });
      for (const hook of ["post-checkout", "reference-transaction", "post-index-change"]) {
        writeFileSync(path.join(place, ".git/hooks", hook), readFileSync(evil));
        chmodSync(path.join(place, ".git/hooks", hook), 0o755);
      }
      writeTree(place, { ".gitattributes": "* filter=x diff=x\n", "p.txt": "changed" });
    }
    const findings = await auditWorkspace(capture);
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: "planted_programs", count: 8 }),
    );
    const { before, after, kept } = await takeAwayAndBringBack(opened);
    expect(after).toEqual(before);
    const headCommit = kept.proof.filesCommit;
    await openWorkspace({ ...input, mode: "clean", branch: "next", headCommit });
    expect(existsSync(fired)).toBe(false);
  });
});
