import { type DiffLine, diffLines, readPatchLines } from "./diff-lines";

export interface FileEdit {
  path: string;
  /** What is done to the file, where it is not plainly an edit. */
  what: "new" | "deleted" | "moved" | null;
  lines: DiffLine[];
}

type Fields = Record<string, unknown>;

/** An input is read once, however often it is drawn or filtered. */
const known = new WeakMap<Fields, FileEdit[] | null>();

/**
 * The changes of files that a tool is asked to make, whichever agent's tool it is: Edit, MultiEdit,
 * Write and NotebookEdit of Claude Code, apply_patch of Codex, edits of ACP agents. Null for any other.
 */
export function readEdits(input: unknown): FileEdit[] | null {
  if (typeof input === "string") return readEnvelope(input);
  const fields = asFields(input);
  if (!fields) return null;
  let edits = known.get(fields);
  if (edits === undefined) {
    edits = readFields(fields);
    known.set(fields, edits);
  }
  return edits;
}

function readFields(fields: Fields): FileEdit[] | null {
  const changes = asFieldList(fields.changes);
  if (changes.length > 0) return changes.map(readChange);
  const patch = textOf(fields, "patch", "input", "patchText");
  if (patch !== null) return readEnvelope(patch);
  const path = textOf(fields, "file_path", "filePath", "notebook_path", "path");
  if (path === null) return null;
  const edits = asFieldList(fields.edits).map(readReplacement);
  const replacements = edits.length > 0 ? edits : [readReplacement(fields)];
  const lines = replacements.flatMap((each) => each ?? []);
  if (replacements.every((each) => each !== null)) return [{ path, what: null, lines }];
  const content = textOf(fields, "content", "new_source");
  return content === null ? null : [{ path, what: "new", lines: diffLines("", content) }];
}

function readReplacement(fields: Fields): DiffLine[] | null {
  const before = textOf(fields, "old_string", "oldText", "oldString");
  const after = textOf(fields, "new_string", "newText", "newString");
  if (after === null || (before === null && fields.oldText !== null)) return null;
  return diffLines(before ?? "", after);
}

/** One file of Codex' apply_patch: a new file's diff is its content. */
function readChange(change: Fields): FileEdit {
  const kind = textOf(change, "kind", "type");
  const moved = textOf(change, "movedTo", "move_path");
  const diff = textOf(change, "diff") ?? "";
  const path = textOf(change, "path") ?? "";
  if (kind === "add") return { path, what: "new", lines: diffLines("", diff) };
  if (kind === "delete") return { path, what: "deleted", lines: diffLines(diff, "") };
  const lines = readPatchLines(diff);
  return moved === null
    ? { path, what: null, lines }
    : { path: `${path} → ${moved}`, what: "moved", lines };
}

const fileLine = /^\*\*\* (Add|Update|Delete) File: (.+)$/;

/** The form in which models write a patch: `*** Begin Patch`, a line per file, its lines. */
function readEnvelope(text: string): FileEdit[] | null {
  if (!text.trimStart().startsWith("*** Begin Patch")) return null;
  const edits: FileEdit[] = [];
  let body: string[] = [];
  const close = () => {
    const last = edits.at(-1);
    if (last) last.lines = readPatchLines(body.join("\n"));
    body = [];
  };
  for (const line of text.split("\n")) {
    const [, kind, path] = fileLine.exec(line) ?? [];
    if (kind && path) {
      close();
      const what = kind === "Add" ? "new" : kind === "Delete" ? "deleted" : null;
      edits.push({ path, what, lines: [] });
    } else if (!line.startsWith("*** ")) body.push(line);
  }
  close();
  return edits.length > 0 ? edits : null;
}

function asFields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

function asFieldList(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(asFields).filter((each) => each !== null) : [];
}

function textOf(fields: Fields, ...names: string[]): string | null {
  for (const name of names) if (typeof fields[name] === "string") return fields[name] as string;
  return null;
}
