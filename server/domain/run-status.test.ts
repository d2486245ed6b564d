import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  heldStatuses,
  isHeld,
  isTerminal,
  mayMove,
  type RunStatus,
  runStatuses,
  runTransitions,
  statusesBefore,
  terminalStatuses,
} from "./run-status";

const architecture = path.join(import.meta.dirname, "../../docs/architecture.md");

describe("the status table", () => {
  it("is drawn in docs/architecture.md move for move", () => {
    const drawn = readDrawnMoves(readFileSync(architecture, "utf8"));
    const held = runStatuses.flatMap((from) => runTransitions[from].map((to) => `${from} → ${to}`));

    expect(drawn.toSorted()).toEqual(held.toSorted());
  });

  it("lets an ended run go nowhere", () => {
    for (const status of terminalStatuses) expect(runTransitions[status]).toEqual([]);
  });

  it("lets a run reach running from preparing and waiting alone", () => {
    expect(statusesBefore("running")).toEqual(["preparing", "waiting"]);
  });

  it("lets a run succeed out of finishing alone, after its work was collected", () => {
    expect(statusesBefore("succeeded")).toEqual(["finishing"]);
  });

  it("never lets an agent that runs be cancelled before its work was collected", () => {
    expect(mayMove("running", "cancelled")).toBe(false);
    expect(mayMove("waiting", "cancelled")).toBe(false);
    expect(mayMove("running", "finishing")).toBe(true);
  });

  it("lets every held status go back to the queue for the next attempt", () => {
    for (const status of heldStatuses) expect(mayMove(status, "queued")).toBe(true);
  });

  it("has a way out of every status that is no end", () => {
    const stuck = runStatuses.filter((status) => !isTerminal(status) && !canEnd(status));

    expect(stuck).toEqual([]);
  });

  it("calls each status queued, held or ended, and only one of them", () => {
    for (const status of runStatuses) {
      const kinds = [status === "queued", isHeld(status), isTerminal(status)].filter(Boolean);
      expect(kinds, status).toHaveLength(1);
    }
  });
});

/** The lines `a --> b` of the document's state diagram. */
function readDrawnMoves(text: string): string[] {
  const diagram = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  return [...diagram.matchAll(/^\s*(\w+) --> (\w+)\s*$/gm)].map(
    ([, from, to]) => `${from} → ${to}`,
  );
}

function canEnd(from: RunStatus, seen = new Set<RunStatus>()): boolean {
  if (isTerminal(from)) return true;
  seen.add(from);
  return runTransitions[from].some((to) => !seen.has(to) && canEnd(to, seen));
}
