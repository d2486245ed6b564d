import { describe, expect, it } from "vitest";
import { diffLines, readPatchLines } from "./diff-lines";
import { readEdits } from "./read-edits";

const show = (lines: ReturnType<typeof diffLines>) => lines.map(({ sign, text }) => sign + text);

describe("the lines of a change", () => {
  it("are those that go and come, with three lines around and the rest left out", () => {
    const before = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].join("\n");
    expect(show(diffLines(before, before.replace("e", "E\nE2")))).toEqual([
      ...["gap1 line as before", " b", " c", " d", "-e", "+E", "+E2", " f", " g", " h"],
      "gap1 line as before",
    ]);
  });

  it("keep what two changes have in common between them", () => {
    expect(show(diffLines("x\nsame\ny", "X\nsame\nY"))).toEqual(["-x", "+X", " same", "-y", "+Y"]);
    expect(show(diffLines("", "new\nfile\n"))).toEqual(["+new", "+file"]);
    expect(show(diffLines("gone\n", ""))).toEqual(["-gone"]);
  });

  it("are shown as replaced where comparing them would stall the page", () => {
    const [left, right] = ["l", "r"].map((letter) =>
      Array.from({ length: 2_000 }, (_, line) => `${letter}${line}`).join("\n"),
    );
    const lines = diffLines(left ?? "", right ?? "");
    expect(lines).toHaveLength(4_000);
    expect(lines[0]?.sign).toBe("-");
  });

  it("of a patch come without its headers", () => {
    const patch =
      "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n kept\n-old\n+new\n\\ No newline at end of file";
    expect(show(readPatchLines(patch))).toEqual(["gap@@ -1,2 +1,2 @@", " kept", "-old", "+new"]);
  });
});

describe("reading a tool's input as edits", () => {
  const read = (input: unknown) =>
    readEdits(input)?.map(({ path, what, lines }) => [path, what, ...show(lines)]) ?? null;

  it("understands Claude Code's Edit, MultiEdit, Write and NotebookEdit", () => {
    const edit = { file_path: "a.ts", old_string: "1", new_string: "2" };
    expect(read(edit)).toEqual([["a.ts", null, "-1", "+2"]]);
    const edits = [edit, { old_string: "3", new_string: "" }];
    expect(read({ file_path: "a.ts", edits })).toEqual([["a.ts", null, "-1", "+2", "-3"]]);
    expect(read({ file_path: "b", content: "hi\n" })).toEqual([["b", "new", "+hi"]]);
    expect(read({ notebook_path: "c", new_source: "x" })).toEqual([["c", "new", "+x"]]);
  });

  it("understands Codex' patches, as files and as one text", () => {
    const changes = [
      { path: "n", kind: "add", diff: "hi\n" },
      { path: "o", kind: "delete", diff: "ho\n" },
      { path: "p", kind: "update", movedTo: "q", diff: "@@ -1 +1 @@\n-a\n+b" },
    ];
    expect(read({ path: "n, o, p", changes })).toEqual([
      ["n", "new", "+hi"],
      ["o", "deleted", "-ho"],
      ["p → q", "moved", "gap@@ -1 +1 @@", "-a", "+b"],
    ]);
    const text =
      "*** Begin Patch\n*** Add File: n\n+hi\n*** Update File: u\n@@\n-a\n+b\n*** End Patch";
    const both = [
      ["n", "new", "+hi"],
      ["u", null, "gap@@", "-a", "+b"],
    ];
    expect(read(text)).toEqual(both);
    expect(read({ input: text })).toEqual(both);
  });

  it("understands the edits of ACP agents", () => {
    expect(read({ filePath: "f", oldString: "a", newString: "b" })).toEqual([
      ["f", null, "-a", "+b"],
    ]);
    expect(read({ path: "f", oldText: null, newText: "b" })).toEqual([["f", null, "+b"]]);
  });

  it("takes nothing else for an edit", () => {
    for (const input of [null, "ls", ["x"], { command: "ls" }, { file_path: "only read" }, {}]) {
      expect(readEdits(input)).toBeNull();
    }
  });
});
