import {
  chmodSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shaSchema } from "@/server/domain/ids";
import { captureWorkspace } from "./capture-workspace";
import { collectCommits } from "./collect-commits";
import { listCommits } from "./list-commits";
import { openWorkspace } from "./open-workspace";
import {
  commitAll,
  confinements,
  makeTestHome,
  openTestWorkspace,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "./testing";

let at: TestHome;
let fired: string;
beforeEach(() => {
  at = makeTestHome();
  fired = path.join(at.root, "fired");
});
afterEach(() => removeTestHome(at));

const programSettings = [
  ...["core.fsmonitor", "core.editor", "core.pager", "core.askPass", "core.sshCommand"],
  ...["core.gitProxy", "core.alternateRefsCommand", "diff.external", "diff.x.textconv"],
  ...["filter.x.clean", "filter.x.smudge", "filter.x.process", "merge.x.driver", "gpg.program"],
  ...["pager.diff", "uploadpack.packObjectsHook", "remote.origin.uploadpack"],
  ...["alias.status", "alias.read-tree", "alias.update-ref", "alias.upload-pack"],
];
const hooks = [
  ...["pre-commit", "commit-msg", "post-commit", "post-checkout", "post-index-change"],
  ...["reference-transaction", "post-rewrite", "pre-auto-gc", "update", "post-receive"],
];

/** Everything known that makes git start a program, in a repository's own config. */
function plant(folder: string): void {
  const evil = path.join(folder, ".git/evil");
  writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> ${fired}\n`);
  chmodSync(evil, 0o755);
  for (const name of programSettings) runGit(folder, "config", name, evil);
  runGit(folder, "config", "commit.gpgSign", "true");
  mkdirSync(path.join(folder, ".git/hooks"), { recursive: true });
  for (const hook of hooks) {
    writeFileSync(path.join(folder, ".git/hooks", hook), `#!/bin/sh\n${evil} ${hook}\n`);
    chmodSync(path.join(folder, ".git/hooks", hook), 0o755);
  }
  writeTree(folder, { ".gitattributes": "* filter=x diff=x merge=x\n" });
}

describe.each(confinements)("confined %s", (_, confine) => {
  test("runs nothing that the agent planted, in no step", async () => {
    const { input, folder, capture } = await openTestWorkspace(at, { confine });
    writeTree(folder, { "one.txt": "1" });
    const head = commitAll(folder, "One");
    plant(folder);
    mkdirSync(path.join(folder, "nested"));
    runGit(path.join(folder, "nested"), "init", "-q");
    writeTree(folder, { "nested/p": "p" });
    commitAll(path.join(folder, "nested"), "Nested");
    plant(path.join(folder, "nested"));
    writeTree(folder, { "a.txt": "edited", "left.txt": "left" });
    const collected = await collectCommits(input);
    expect(collected.headCommit).toBe(head);
    let sha = null;
    for (const hoursAgo of [1, 2, 3]) {
      const then = Date.now() / 1000 - hoursAgo * 3600;
      utimesSync(path.join(folder, "nested/p"), then, then);
      utimesSync(path.join(folder, "a.txt"), then, then);
      sha = (await captureWorkspace({ ...capture, parent: head })).sha;
    }
    const range = { ...input, headCommit: sha ?? head, maxPatchBytes: 1e6 };
    expect(await listCommits(range)).toHaveLength(2);
    await openWorkspace({ ...input, mode: "continue", headCommit: sha ?? head });
    expect(runGit(folder, "-c", "core.fsmonitor=", "rev-parse", "HEAD")).toBe(sha);
    expect(existsSync(fired)).toBe(false);
    await openWorkspace({ ...input, mode: "clean", branch: "next", headCommit: sha ?? head });
    expect(existsSync(fired)).toBe(false);
    expect(runGit(folder, "status", "--porcelain")).toBe("");
  });

  test("does not look into a submodule that the agent made its own, and names its files", async () => {
    const link = `160000,${at.base},sub`;
    runGit(at.origin, "update-index", "--add", "--cacheinfo", link);
    writeTree(at.origin, { ".gitmodules": '[submodule "sub"]\n\tpath = sub\n\turl = ./x\n' });
    runGit(at.origin, "add", ".gitmodules");
    runGit(at.origin, "commit", "-qm", "Submodule");
    at.base = shaSchema.parse(runGit(at.origin, "rev-parse", "HEAD"));
    const { folder, capture } = await openTestWorkspace(at, { confine });
    const sub = path.join(folder, "sub");
    mkdirSync(sub, { recursive: true });
    runGit(sub, "init", "-q");
    writeTree(sub, { "inner.txt": "inner" });
    commitAll(sub, "Inner");
    plant(sub);
    const captured = await captureWorkspace(capture);
    expect(existsSync(fired)).toBe(false);
    expect(captured.leftOut).toEqual([{ path: "sub", why: expect.stringMatching(/submodule/) }]);
  });

  test("is shown to notice a planted program: plain git runs it", async () => {
    const { folder } = await openTestWorkspace(at, { confine });
    plant(folder);
    expect(() => runGit(folder, "commit", "-qam", "x")).toThrow();
    expect(existsSync(fired)).toBe(true);
  });

  test.each(["gitfile", "symlink", "alternates", "commondir", "objects link"])(
    "takes no commit of another repository along when .git is redirected by %s",
    async (trick) => {
      const other = await openTestWorkspace(at);
      writeTree(other.folder, { "secret.txt": "other team" });
      const secret = commitAll(other.folder, "Other team");
      const { input, folder, mirror } = await openTestWorkspace(at, { confine });
      redirect(trick, folder, other.folder, secret);
      const collected = await collectCommits(input);
      expect(collected).toMatchObject({ refs: [], isComplete: false });
      expect(collected.state.kind).toBe("redirected");
      expect(() => runGit(mirror, "cat-file", "-e", secret)).toThrow();
    },
  );

  test("stores a link out of the workspace as a link, never what it points to", async () => {
    const { capture, folder, mirror } = await openTestWorkspace(at, { confine });
    rmSync(path.join(folder, "src"), { recursive: true });
    symlinkSync(path.join(at.origin, "src"), path.join(folder, "src"));
    const { sha } = await captureWorkspace(capture);
    expect(runGit(mirror, "ls-tree", "--format=%(objectmode)", String(sha), "src")).toBe("120000");
  });
});

function redirect(trick: string, folder: string, other: string, secret: string): void {
  const own = path.join(folder, ".git");
  const theirs = path.join(other, ".git");
  if (trick === "commondir") writeFileSync(path.join(own, "commondir"), `${theirs}\n`);
  if (trick === "alternates") {
    writeFileSync(path.join(own, "objects/info/alternates"), `${theirs}/objects\n`, { flag: "a" });
    writeFileSync(path.join(own, "refs/heads/x"), `${secret}\n`);
  }
  if (trick === "objects link") {
    const first = secret.slice(0, 2);
    symlinkSync(path.join(theirs, "objects", first), path.join(own, "objects", first));
    writeFileSync(path.join(own, "refs/heads/x"), `${secret}\n`);
  }
  if (trick === "gitfile" || trick === "symlink") {
    rmSync(own, { recursive: true });
    if (trick === "gitfile") writeFileSync(own, `gitdir: ${theirs}\n`);
    else symlinkSync(theirs, own);
  }
}
