import type { WorkEntryView } from "@/server/domain/work";

export interface WorkGroup {
  key: string;
  entries: WorkEntryView[];
}

/** Neighbours that belong together, in the order of the list; nothing moves when more is loaded. */
export function groupWork(entries: WorkEntryView[], by: "run" | "repository"): WorkGroup[] {
  const groups: WorkGroup[] = [];
  let current: string | null = null;
  for (const entry of entries) {
    const owner = by === "run" ? entry.run.id : entry.repository.name;
    const last = groups.at(-1);
    if (last && owner === current) last.entries.push(entry);
    else groups.push({ key: `${owner}-${entry.id}`, entries: [entry] });
    current = owner;
  }
  return groups;
}
