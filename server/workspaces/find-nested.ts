import { walkTree } from "./walk-tree";

/** Folders of a workspace that hold a repository of their own, as raw bytes in latin1 strings. */
export async function findNested(workspace: string): Promise<string[]> {
  const nested: string[] = [];
  for await (const { name, entries } of walkTree(Buffer.from(workspace), "")) {
    if (name !== "" && entries?.includes(".git")) nested.push(name);
  }
  return nested;
}
