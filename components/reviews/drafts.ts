import type { LineRange } from "@/components/diff/line-range";

/** A comment that is being written; this browser keeps it. */
export interface Draft extends LineRange {
  id: string;
  path: string;
  fromCommit: string;
  toCommit: string;
  quote: string;
  body: string;
}

/** Opens a form; the same place has one, and forms in which nothing was written make way. */
export function openDraft(drafts: Draft[], next: Draft): Draft[] {
  const isSamePlace = (draft: Draft) =>
    draft.path === next.path && draft.side === next.side && draft.endLine === next.endLine;
  const kept = drafts.filter((draft) => draft.body.trim() !== "" || isSamePlace(draft));
  const open = kept.find(isSamePlace);
  if (!open) return [...kept, next];
  return kept.map((draft) => (draft === open ? { ...next, id: open.id, body: open.body } : draft));
}

export function changeDraft(drafts: Draft[], id: string, part: Partial<Draft>): Draft[] {
  return drafts.map((draft) => (draft.id === id ? { ...draft, ...part } : draft));
}

export function dropDraft(drafts: Draft[], id: string): Draft[] {
  return drafts.filter((draft) => draft.id !== id);
}
