import type { EntryNode } from "./group-entries";
import { readEdits } from "./read-edits";

export const entryFilters = ["all", "text", "tools", "edits", "errors"] as const;
export type EntryFilter = (typeof entryFilters)[number];

/** The entries that a filter and a search leave; one stays also for what its sub-agent did. */
export function filterEntries(
  nodes: EntryNode[],
  filter: EntryFilter,
  search: string,
): EntryNode[] {
  const wanted = search.trim().toLowerCase();
  if (filter === "all" && wanted === "") return nodes;
  const isWanted = (node: EntryNode) =>
    passes[filter](node) && (wanted === "" || wordsOf(node).includes(wanted));
  return nodes.filter((node) => holds(node, isWanted));
}

const passes: Record<EntryFilter, (node: EntryNode) => boolean> = {
  all: () => true,
  text: ({ view: { entry } }) => ["message", "text", "result"].includes(entry.kind),
  tools: ({ view: { entry } }) => ["tool_call", "tool_result"].includes(entry.kind),
  edits: isEditCall,
  errors: isFailure,
};

/** Whether a node, or what stands in it, is so. */
export function holds(node: EntryNode, isSo: (node: EntryNode) => boolean): boolean {
  return isSo(node) || node.children.some((child) => holds(child, isSo));
}

export function isEditCall({ view: { entry } }: EntryNode): boolean {
  return entry.kind === "tool_call" && readEdits(entry.input) !== null;
}

/** An error of the agent, a refused or failed tool, or an end that is one. */
export function isFailure({ view: { entry }, result }: EntryNode): boolean {
  if (entry.kind === "tool_result" || entry.kind === "result") return entry.isError;
  return entry.kind === "error" || entry.kind === "permission_denied" || result?.isError === true;
}

const known = new WeakMap<object, string>();

/** All that an entry and its result say, in small letters; worked out once for each. */
function wordsOf({ view, result }: EntryNode): string {
  return `${lower(view.entry)}\n${result ? lower(result) : ""}`;
}

function lower(entry: object & { text?: string | null }): string {
  let words = known.get(entry);
  if (words === undefined) {
    words = (entry.text ?? JSON.stringify(entry)).toLowerCase();
    known.set(entry, words);
  }
  return words;
}
