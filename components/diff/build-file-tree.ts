import type { FileChange } from "@/server/domain/diff";

interface TreeFolder {
  kind: "folder";
  /** Several names where a folder holds nothing but another one, e.g. `server/domain`. */
  name: string;
  path: string;
  children: TreeNode[];
  files: number;
  additions: number;
  deletions: number;
}
interface TreeFile {
  kind: "file";
  name: string;
  change: FileChange;
}
export type TreeNode = TreeFolder | TreeFile;

/** The changed files as a tree, folders first and by name; a chain of single folders is one. */
export function buildFileTree(changes: FileChange[]): TreeNode[] {
  return buildLevel(
    changes.map((change) => ({ change, names: change.path.split("/") })),
    "",
    0,
  );
}

interface Placed {
  change: FileChange;
  names: string[];
}

function buildLevel(placed: Placed[], path: string, depth: number): TreeNode[] {
  const folders = new Map<string, Placed[]>();
  const files: TreeFile[] = [];
  for (const one of placed) {
    const name = one.names[depth] ?? "";
    if (one.names.length === depth + 1) files.push({ kind: "file", name, change: one.change });
    else folders.set(name, [...(folders.get(name) ?? []), one]);
  }
  const built = [...folders].map(([name, inside]) =>
    buildFolder(name, path === "" ? name : `${path}/${name}`, inside, depth + 1),
  );
  return [...sortByName(built), ...sortByName(files)];
}

function buildFolder(name: string, path: string, inside: Placed[], depth: number): TreeFolder {
  const children = buildLevel(inside, path, depth);
  const [only] = children;
  if (children.length === 1 && only?.kind === "folder") {
    return { ...only, name: `${name}/${only.name}` };
  }
  const sum = (what: "additions" | "deletions") =>
    inside.reduce((total, { change }) => total + change[what], 0);
  return {
    ...{ kind: "folder", name, path, children },
    ...{ files: inside.length, additions: sum("additions"), deletions: sum("deletions") },
  };
}

/** `file2` stands before `file10`. */
const order = new Intl.Collator("en", { numeric: true });

function sortByName<Node extends { name: string }>(nodes: Node[]): Node[] {
  return nodes.sort((left, right) => order.compare(left.name, right.name));
}

export interface TreeRow {
  node: TreeNode;
  depth: number;
}

/** The tree as the rows of a list, without what is inside closed folders. */
export function listTreeRows(nodes: TreeNode[], closed: ReadonlySet<string>, depth = 0): TreeRow[] {
  return nodes.flatMap((node) => {
    const row = { node, depth };
    if (node.kind === "file" || closed.has(node.path)) return [row];
    return [row, ...listTreeRows(node.children, closed, depth + 1)];
  });
}

/** The files in the tree's order, top to bottom. */
export function listTreeFiles(nodes: TreeNode[]): FileChange[] {
  return nodes.flatMap((node) =>
    node.kind === "file" ? [node.change] : listTreeFiles(node.children),
  );
}

/** The changes whose present or earlier path holds every word of the filter, whatever its case. */
export function filterChanges(changes: FileChange[], filter: string): FileChange[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return changes;
  return changes.filter(({ path, previousPath }) => {
    const text = `${path}\n${previousPath ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
