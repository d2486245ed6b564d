import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repositoryIdSchema, type Sha } from "@/server/domain/ids";
import { type Built, buildDelivery, buildRevert } from "./build-delivery";
import { compareCommits } from "./compare-commits";
import { ensureMirror } from "./ensure-mirror";
import { inspectLocalOrigin } from "./inspect-local-origin";
import { mirrorPath } from "./layout";
import { pushBranch } from "./push-branch";
import { cutHunks } from "./read-conflicts";
import { readOriginBranches } from "./read-origin-branches";
import { readPushReport } from "./read-push-report";
import {
  commitAll,
  makeTestHome,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "./testing";

const repositoryId = repositoryIdSchema.parse("00000000-0000-4000-8000-000000000001");
const at = new Date("2026-01-02T03:04:05Z");
const message = "Add d\n\nCoppice-Run: 1\n";
let test: TestHome;
let bare: string;
let place: { home: string; repositoryId: typeof repositoryId; origin: string };
let work: Sha;
let clash: Sha;
let other: Sha;
let target: Sha;

/** main: base, "Third"; work: base, "Add d", "More d"; clash: base, a.txt changed as in "Third". */
beforeAll(async () => {
  test = makeTestHome();
  const { origin, home, base } = test;
  bare = path.join(test.root, "it's bare.git");
  const commitOn = (branch: string, name: string, text: string, said: string) => {
    runGit(origin, "switch", "-q", branch);
    writeTree(origin, { [name]: text });
    return commitAll(origin, said);
  };
  for (const branch of ["work", "clash", "other"]) runGit(origin, "branch", branch, base);
  commitOn("work", "d.txt", "d\n", "Add d");
  work = commitOn("work", "d.txt", "d\nmore\n", "More d");
  clash = commitOn("clash", "a.txt", "theirs\n", "Clash");
  other = commitOn("other", "src/b.txt", "other\n", "Other");
  target = commitOn("main", "a.txt", "ours\n", "Third");
  runGit(test.root, "clone", "-q", "--bare", origin, bare);
  place = { home, repositoryId, origin: bare };
  await ensureMirror(place);
});
afterAll(() => removeTestHome(test));

const inMirror = (...args: string[]) => runGit(mirrorPath(test.home, repositoryId), ...args);
const inBare = (...args: string[]) => runGit(bare, ...args);

function shaOf(built: Built): Sha {
  if ("conflicts" in built) throw new Error(JSON.stringify(built.conflicts));
  return built.sha;
}

describe("buildDelivery", () => {
  const build = (method: "merge_commit" | "squash" | "rebase", source = work) =>
    buildDelivery({ ...place, method, target, source, message, at });

  it("merges, squashes and rebases without a checkout, and makes the same commit again", async () => {
    const merge = shaOf(await build("merge_commit"));
    expect(inMirror("log", "-1", "--format=%P|%cn", merge)).toBe(`${target} ${work}|Coppice`);
    const squash = shaOf(await build("squash"));
    expect(inMirror("log", "-1", "--format=%P|%an|%cn|%s", squash)).toBe(
      `${target}|Ada|Coppice|Add d`,
    );
    const rebased = shaOf(await build("rebase"));
    expect(inMirror("log", "--format=%s|%an", `${target}..${rebased}`)).toBe(
      "More d|Ada\nAdd d|Ada",
    );
    for (const sha of [merge, squash, rebased]) {
      expect(inMirror("show", `${sha}:a.txt`)).toBe("ours");
      expect(inMirror("show", `${sha}:d.txt`)).toBe("d\nmore");
    }
    expect(shaOf(await build("squash"))).toBe(squash);
    expect(shaOf(await build("rebase"))).toBe(rebased);
  });

  it.each(["merge_commit", "rebase"] as const)(
    "names files and places where a %s does not work",
    async (method) => {
      const built = await build(method, clash);
      if (!("conflicts" in built)) throw new Error("it merged");
      expect(built.conflicts.map((one) => one.path)).toEqual(["a.txt"]);
      expect(built.conflicts[0]?.hunks[0]).toMatch(/<{7}[\s\S]*ours\n={7}\ntheirs\n>{7}/);
    },
  );

  it("takes a change back on top of what came after it", async () => {
    const squash = shaOf(await build("squash"));
    const method = "merge_commit";
    const later = shaOf(
      await buildDelivery({ ...place, method, target: squash, source: other, message, at }),
    );
    const range = { target: later, before: target, after: squash };
    const revert = shaOf(await buildRevert({ ...place, ...range, message: "Revert\n", at }));
    expect(inMirror("ls-tree", "--name-only", revert)).not.toContain("d.txt");
    expect(inMirror("rev-parse", `${revert}^`)).toBe(later);
    expect(inMirror("show", `${revert}:src/b.txt`)).toBe("other");
  });
});

describe("pushBranch", () => {
  const push = (branch: string, old: Sha | null, result: Sha | null, origin = bare) =>
    pushBranch({ ...place, origin, branch, old, result });

  it("sets a branch only where it stands as expected, and deletes it only there", async () => {
    expect(await push("new", null, work)).toMatchObject({ outcome: "pushed" });
    expect(await push("new", null, clash)).toMatchObject({ outcome: "moved" });
    expect(await push("new", clash, target)).toMatchObject({ outcome: "moved" });
    expect(inBare("rev-parse", "new")).toBe(work);
    expect((await readOriginBranches(place)).get("new")).toBe(work);
    expect(await push("new", clash, null)).toMatchObject({ outcome: "moved" });
    expect(await push("new", work, null)).toMatchObject({ outcome: "pushed" });
    expect((await readOriginBranches(place)).has("new")).toBe(false);
  });

  it("hears the origin's own hook and leaves all as it was", async () => {
    const hook = path.join(bare, "hooks/pre-receive");
    const script = [
      ...["#!/bin/sh", "read old new ref", '[ "$ref" = refs/heads/main ] || exit 0'],
      ...['printf "\\033[31mmain is protected\\033[0m\\n" >&2', "exit 1", ""],
    ];
    writeFileSync(hook, script.join("\n"));
    chmodSync(hook, 0o755);
    const refused = await push("main", target, work);
    expect(refused).toMatchObject({ outcome: "refused", words: "main is protected" });
    expect(refused.reason).toContain("pre-receive");
    expect(inBare("rev-parse", "main")).toBe(target);
    expect(await push("free", null, work)).toMatchObject({ outcome: "pushed" });
    inBare("config", "receive.denyNonFastForwards", "true");
    expect(await push("free", work, clash)).toMatchObject({ outcome: "refused" });
    inBare("config", "receive.denyDeletes", "true");
    expect(await push("free", work, null)).toMatchObject({ outcome: "refused" });
    expect(inBare("rev-parse", "free")).toBe(work);
  });

  it("touches no checkout, whatever its config allows", async () => {
    const { origin } = test;
    runGit(origin, "config", "receive.denyCurrentBranch", "updateInstead");
    runGit(origin, "worktree", "add", "-q", path.join(test.root, "else where"), "clash");
    writeTree(origin, { "a.txt": "half done\n" });
    const facts = await inspectLocalOrigin(test.home, origin);
    expect([...facts.checkouts]).toEqual([
      ["main", origin],
      ["clash", path.join(test.root, "else where")],
    ]);
    expect(await push("main", target, work, origin)).toMatchObject({ outcome: "checked_out" });
    expect(await push("clash", clash, work, origin)).toMatchObject({ outcome: "checked_out" });
    expect(await push("work2", null, work, origin)).toMatchObject({ outcome: "pushed" });
    expect(readFileSync(path.join(origin, "a.txt"), "utf8")).toBe("half done\n");
    expect(existsSync(path.join(origin, "d.txt"))).toBe(false);
    expect(runGit(origin, "rev-parse", "main")).toBe(target);
  });
});

it("counts how far two commits have gone apart", async () => {
  expect(await compareCommits({ ...place, first: target, second: work })).toEqual({
    onlyInFirst: 1,
    onlyInSecond: 2,
  });
});

it("reads what git says of a push, and nothing into silence", () => {
  expect(readPushReport("", "fatal: the remote end hung up unexpectedly")).toBeNull();
  const said = (words: string) => readPushReport(`!\ta:refs/heads/b\t${words}\nDone\n`, "");
  expect(said("[remote rejected] (cannot lock ref 'refs/heads/b': is at x)")).toMatchObject({
    outcome: "moved",
  });
  expect(said("[remote failure] (remote failed to report status)")).toBeNull();
  expect(readPushReport("=\ta:refs/heads/b\t[up to date]\nDone\n", "")).toMatchObject({
    outcome: "pushed",
  });
});

it("cuts the marked places out of a file", () => {
  const file = "x\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\ny\n";
  expect(cutHunks(file)).toEqual(["<<<<<<< a\n1\n=======\n2\n>>>>>>> b"]);
  expect(cutHunks("<<<<<<< open\nnever closed")).toEqual([]);
});
