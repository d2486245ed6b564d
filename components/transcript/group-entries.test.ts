import { describe, expect, it } from "vitest";
import type { TranscriptEntryView } from "@/server/domain/run-view";
import type { TranscriptEntry } from "@/server/domain/transcript";
import { filterEntries, isFailure } from "./filter-entries";
import { groupEntries, holdsEntry } from "./group-entries";
import { findNext } from "./use-jumps";
import { readTarget } from "./use-target";

const call = (toolId: string, parentToolId?: string): TranscriptEntry => ({
  ...{ kind: "tool_call", toolId, name: "Bash", input: { command: `run ${toolId}` } },
  ...(parentToolId && { parentToolId }),
});
const result = (toolId: string, text: string, isError = false): TranscriptEntry => ({
  ...{ kind: "tool_result", toolId, text, isError },
});
const said = (text: string, parentToolId?: string): TranscriptEntry => ({
  ...{ kind: "text", text },
  ...(parentToolId && { parentToolId }),
});

function number(...entries: TranscriptEntry[]): TranscriptEntryView[] {
  return entries.map((entry, index) => ({ seq: index + 1, attempt: 1, at: new Date(0), entry }));
}

const work = number(
  call("task"),
  said("Looking.", "task"),
  call("inner", "task"),
  result("inner", "no such file", true),
  result("task", "found it"),
  said("Done."),
  result("before", "of an earlier page"),
  said("lost", "before"),
);

describe("grouping the entries", () => {
  const nodes = groupEntries(work);

  it("puts results beside their calls and a sub-agent's entries below the call that began it", () => {
    expect(nodes.map(({ view }) => view.seq)).toEqual([1, 6, 7, 8]);
    expect(nodes[0]?.result?.text).toBe("found it");
    expect(nodes[0]?.children.map(({ view }) => view.seq)).toEqual([2, 3]);
    expect(nodes[0]?.children[1]?.result?.isError).toBe(true);
  });

  it("says by its size when anything came to a call, however deep", () => {
    const sizes = work.map((_, index) => groupEntries(work.slice(0, index + 1))[0]?.size);
    expect(sizes).toEqual([1, 2, 3, 4, 5, 5, 5, 5]);
  });

  it("finds an entry inside the call that holds it", () => {
    expect(nodes.map((node) => holdsEntry(node, 3))).toEqual([true, false, false, false]);
  });
});

describe("filtering the entries", () => {
  const shown = (...[filter, search = ""]: [Parameters<typeof filterEntries>[1], string?]) =>
    filterEntries(groupEntries(work), filter, search).map(({ view }) => view.seq);

  it("keeps a call also for what its sub-agent did", () => {
    expect(shown("text")).toEqual([1, 6, 8]);
    expect(shown("errors")).toEqual([1]);
    expect(shown("tools")).toEqual([1, 7]);
    expect(shown("edits")).toEqual([]);
  });

  it("searches text, inputs and results, without regard to case", () => {
    expect(shown("all", "NO SUCH")).toEqual([1]);
    expect(shown("all", "run inner")).toEqual([1]);
    expect(shown("text", " done ")).toEqual([6]);
    expect(shown("errors", "done")).toEqual([]);
  });

  it("takes refusals and failed ends for errors", () => {
    const refused: TranscriptEntry = {
      ...{ kind: "permission_denied", tool: "Bash", input: null, reason: "no" },
    };
    const ended: TranscriptEntry = { kind: "result", isError: true, reason: "max", text: null };
    expect(groupEntries(number(refused, ended, said("x"))).map(isFailure)).toEqual([
      ...[true, true, false],
    ]);
  });
});

it("goes to the next of several entries, and around at the end", () => {
  expect([findNext([3, 7], 0), findNext([3, 7], 3), findNext([3, 7], 7), findNext([], 1)]).toEqual([
    ...[3, 7, 3, null],
  ]);
});

it("reads the entry that an address names, and nothing else", () => {
  expect(["#e12", "#e0", "#e1x", "#tab", ""].map(readTarget)).toEqual([12, null, null, null, null]);
});
