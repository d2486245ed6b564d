import { expect, test } from "vitest";
import { splitPatch } from "./split-patch";

const names = (patch: string) =>
  splitPatch(patch).map(({ oldPath, newPath }) => [oldPath, newPath]);

test("cuts a patch into its files, whatever lines they hold", () => {
  const patch = [
    "diff --git a/a.txt b/a.txt",
    "index 1..2 100644",
    "--- a/a.txt",
    "+++ b/a.txt",
    "@@ -1,3 +1,3 @@",
    "-diff --git a/x b/x",
    "--- a/not.txt",
    "+++ b/not.txt",
    " rename to nothing",
    "diff --git a/new file b/new file",
    "new file mode 100644",
    "--- /dev/null",
    "+++ b/new file\t",
    "@@ -0,0 +1 @@",
    "+new",
    "diff --git a/gone b/gone",
    "deleted file mode 100644",
    "Binary files a/gone and /dev/null differ",
    "diff --git a/from b/to",
    "rename from from",
    "rename to to",
    "diff --git a/mode b/mode",
    "old mode 100644",
    "new mode 100755",
    "",
  ].join("\n");
  const sections = splitPatch(patch);
  expect(sections.map(({ text }) => text).join("")).toBe(patch);
  expect(names(patch)).toEqual([
    ["a.txt", "a.txt"],
    [null, "new file"],
    ["gone", null],
    ["from", "to"],
    ["mode", "mode"],
  ]);
  expect(splitPatch("")).toEqual([]);
});

test("reads names that git quotes", () => {
  const quoted = '"a/\\303\\244 \\"x\\"\\t\\\\.txt"';
  const patch = `diff --git ${quoted} ${quoted.replace("a/", "b/")}\nold mode 100644\nnew mode 100755\n`;
  expect(names(patch)).toEqual([['ä "x"\t\\.txt', 'ä "x"\t\\.txt']]);
  const added = `diff --git ${quoted} ${quoted}\nnew file mode 100644\n--- /dev/null\n+++ ${quoted.replace("a/", "b/")}\n@@ -0,0 +1 @@\n+x\n`;
  expect(names(added)).toEqual([[null, 'ä "x"\t\\.txt']]);
});
