import { parsePatchFiles } from "@pierre/diffs";
import { expect, test, vi } from "vitest";
import { changeDraft, dropDraft, openDraft } from "@/components/reviews/drafts";
import type { FileChange } from "@/server/domain/diff";
import { buildFileTree, filterChanges, listTreeFiles, listTreeRows } from "./build-file-tree";
import { listScopes, type ScopeFacts } from "./diff-scope";
import { findFirstChange, quoteLines, toLineRange } from "./line-range";
import { cutLongLines, matchFiles } from "./match-files";
import { readTrailers } from "./read-trailers";
import { isViewed, markViewed, type ViewedFiles } from "./viewed-files";

// The viewer asks for the browser's name when it is loaded; Node 20 has none.
vi.hoisted(() =>
  Object.assign(globalThis, { navigator: globalThis.navigator ?? { userAgent: "" } }),
);

function change(path: string, more: Partial<FileChange> = {}): FileChange {
  return {
    ...{ path, previousPath: null, kind: "modified", isBinary: false, additions: 1, deletions: 2 },
    ...{ oldObject: "1", newObject: "2", oldMode: "100644", newMode: "100644" },
    ...{ bytes: 10, isHuge: false },
    ...more,
  };
}

test("builds a tree of folders and files, chains of folders joined, with their sums", () => {
  const changes = ["z.ts", "a/b/c/two.ts", "a/b/c/one.ts", "d/x.ts", "d/e/y.ts"].map((path) =>
    change(path),
  );
  const tree = buildFileTree(changes);
  const drawn = listTreeRows(tree, new Set()).map(({ node, depth }) => `${depth} ${node.name}`);
  expect(drawn).toEqual([
    "0 a/b/c",
    "1 one.ts",
    "1 two.ts",
    "0 d",
    "1 e",
    "2 y.ts",
    "1 x.ts",
    "0 z.ts",
  ]);
  expect(tree[0]).toMatchObject({ path: "a/b/c", files: 2, additions: 2, deletions: 4 });
  expect(listTreeRows(tree, new Set(["a/b/c", "d"]))).toHaveLength(3);
  expect(listTreeFiles(tree).map(({ path }) => path)).toEqual([
    "a/b/c/one.ts",
    "a/b/c/two.ts",
    "d/e/y.ts",
    "d/x.ts",
    "z.ts",
  ]);
  expect(filterChanges(changes, "B/C One").map(({ path }) => path)).toEqual(["a/b/c/one.ts"]);
});

test("draws a tree of a thousand files at once", () => {
  const many = Array.from({ length: 1000 }, (_, index) =>
    change(`src/${index % 40}/file-${index}.ts`),
  );
  const tree = buildFileTree(many);
  expect(listTreeFiles(tree)).toHaveLength(1000);
  expect(listTreeRows(tree, new Set())).toHaveLength(1041);
});

test("takes a file as viewed until it holds something else", () => {
  const file = change("a.ts");
  let viewed: ViewedFiles = markViewed({}, "run", file, true);
  expect(isViewed(viewed, "run", file)).toBe(true);
  expect(isViewed(viewed, "other", file)).toBe(false);
  expect(isViewed(viewed, "run", change("a.ts", { newObject: "3" }))).toBe(false);
  expect(isViewed(viewed, "run", change("a.ts", { newMode: "100755" }))).toBe(false);
  viewed = markViewed(viewed, "run", file, false);
  expect(isViewed(viewed, "run", file)).toBe(false);
  for (let run = 0; run < 60; run += 1) viewed = markViewed(viewed, `run ${run}`, file, true);
  expect(Object.keys(viewed)).toHaveLength(50);
  expect(isViewed(viewed, "run 59", file)).toBe(true);
});

const patch = `diff --git a/a.ts b/a.ts
index 1..2 100644
--- a/a.ts
+++ b/a.ts
@@ -10,4 +10,5 @@
 ten
-eleven
+ELEVEN
+more
 twelve
 thirteen
@@ -30,1 +31,2 @@
 thirty
+end
diff --git a/m b/m
old mode 100644
new mode 100755
diff --git a/long b/long
index 1..2 100644
--- a/long
+++ b/long
@@ -1 +1 @@
-x
+${"y".repeat(30_000)}
`;

test("gives each change its part of the patch, or the reason why it is held back", () => {
  const changes = [
    change("a.ts"),
    change("m", { kind: "mode" }),
    change("long"),
    change("pic", { isBinary: true }),
    change("huge", { isHuge: true }),
    change("later"),
  ];
  const diff = { patch, isCut: false, files: 6, additions: 0, deletions: 0, changes };
  const ends = { from: null, to: null };
  const held = matchFiles({ ...diff, ...ends }).map(({ heldBack }) => heldBack);
  expect(held).toEqual([null, "no_lines", "long_line", "binary", "huge", "left_out"]);
  const cut = matchFiles({ ...diff, ...ends, isCut: true });
  expect(cut[0]?.patch).toContain("+ELEVEN");
  expect(cut[2]).toMatchObject({ patch: null, heldBack: "left_out" });
  expect(cutLongLines(patch).length).toBeLessThan(patch.length - 9_000);
});

test("quotes the lines that a comment is on, as far as the patch shows them", () => {
  const [file] = parsePatchFiles(patch).flatMap((part) => part.files);
  if (!file) throw new Error("the patch has no file");
  expect(findFirstChange(file)).toEqual({ side: "new", line: 11, endLine: 11 });
  expect(quoteLines(file, { side: "new", line: 11, endLine: 13 })).toBe("ELEVEN\nmore\ntwelve");
  expect(quoteLines(file, { side: "old", line: 11, endLine: 11 })).toBe("eleven");
  expect(quoteLines(file, { side: "new", line: 14, endLine: 31 })).toBe("thirteen\nthirty");
  const marked = { start: 9, end: 4, side: "additions", endSide: "additions" } as const;
  expect(toLineRange(marked)).toEqual({ side: "new", line: 4, endLine: 9 });
  const across = { start: 9, end: 4, side: "additions", endSide: "deletions" } as const;
  expect(toLineRange(across)).toEqual({ side: "old", line: 4, endLine: 4 });
});

test("keeps what was written when a form is opened elsewhere, and drops empty forms", () => {
  const at = (id: string, line: number, body = "") => ({
    ...{ id, body, path: "a.ts", side: "new" as const, line, endLine: line },
    ...{ fromCommit: "1", toCommit: "2", quote: "" },
  });
  const two = openDraft(changeDraft(openDraft([], at("1", 1)), "1", { body: "hm" }), at("2", 2));
  expect(two.map(({ id, body }) => [id, body])).toEqual([
    ["1", "hm"],
    ["2", ""],
  ]);
  expect(openDraft(two, at("3", 3)).map(({ id }) => id)).toEqual(["1", "3"]);
  expect(openDraft(two, at("4", 1)).map(({ id, body }) => [id, body])).toEqual([["1", "hm"]]);
  expect(dropDraft(two, "1")).toHaveLength(1);
});

test("offers what can be compared in a run, and reads a commit's trailers", () => {
  const commit = (sha: string, parents: string[]) => ({ sha, parents, message: `${sha}\n\nbody` });
  const facts = {
    ...{ seen: "1", head: "3", base: "0", attempts: [] },
    commits: [commit("3", ["2"]), commit("2", ["0"])],
  } as unknown as ScopeFacts;
  expect(listScopes(facts).map(({ key, from, to }) => [key, from, to])).toEqual([
    ["run", undefined, undefined],
    ["seen", "1", "3"],
    ["3", "2", "3"],
    ["2", "0", "2"],
  ]);
  expect(listScopes({ ...facts, seen: "3", commits: [] })).toHaveLength(1);
  const message = "Subject\n\nBody: not one\nbut text\n\nCoppice-Run: 1\nCoppice-Attempt: 2\n";
  expect(readTrailers(message).map(({ name, value }) => `${name}=${value}`)).toEqual([
    "Coppice-Run=1",
    "Coppice-Attempt=2",
  ]);
  expect(readTrailers("Subject: only")).toEqual([]);
});
