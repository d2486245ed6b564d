import type { TranscriptEntryView } from "@/server/domain/run-view";
import type { ToolResult } from "./use-transcript";

/** An entry with what belongs to it: a tool's result, and all that the sub-agent it began did. */
export interface EntryNode {
  view: TranscriptEntryView;
  result: ToolResult | undefined;
  children: EntryNode[];
  /** How many entries stand in it, itself and results included; what is not larger has not changed. */
  size: number;
}

/**
 * Puts each tool's result beside its call, and a sub-agent's entries below the call that began it.
 * What belongs to a call that is not among these entries stands by itself.
 */
export function groupEntries(entries: TranscriptEntryView[]): EntryNode[] {
  const calls = new Map<string, { node: EntryNode; parent: string | undefined }>();
  const roots: EntryNode[] = [];
  const grow = (toolId: string | undefined) => {
    for (let id = toolId; id !== undefined; id = calls.get(id)?.parent) {
      const call = calls.get(id);
      if (call) call.node.size += 1;
    }
  };
  for (const view of entries) {
    const { entry } = view;
    const call = entry.kind === "tool_result" ? calls.get(entry.toolId) : undefined;
    if (call && entry.kind === "tool_result") {
      call.node.result = entry;
      grow(entry.toolId);
      continue;
    }
    const asked = "parentToolId" in entry ? entry.parentToolId : undefined;
    const parent = asked !== undefined && calls.has(asked) ? asked : undefined;
    const node: EntryNode = { view, result: undefined, children: [], size: 1 };
    const above = parent === undefined ? undefined : calls.get(parent);
    (above?.node.children ?? roots).push(node);
    grow(parent);
    if (entry.kind === "tool_call" && !calls.has(entry.toolId)) {
      calls.set(entry.toolId, { node, parent });
    }
  }
  return roots;
}

/** Whether an entry of this number stands in the node. */
export function holdsEntry(node: EntryNode, seq: number): boolean {
  return node.view.seq === seq || node.children.some((child) => holdsEntry(child, seq));
}
