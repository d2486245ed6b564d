import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface GitFolder {
  /** A ref name, or a commit id for a detached HEAD. */
  head: string;
  isBare: boolean;
  isSha256: boolean;
  /** The `objects` folder whose objects are borrowed. */
  borrowsFrom?: string;
  /** Further lines for the config file. */
  config?: string;
  /** Content of `info/attributes`, which overrules every `.gitattributes`. */
  attributes?: string;
  packedRefs?: string;
  /** Loose refs by name, e.g. `refs/heads/main`. */
  refs?: Record<string, string>;
}

/** Attributes by which files are stored byte for byte, whatever the repository's own ones say. */
export const storeBytesAsTheyAre = "* -text !eol !ident !filter !working-tree-encoding\n";

/**
 * Makes a git folder file by file, as gitrepository-layout(5) has it: no hooks, no template, no process,
 * and only the folders that git must find. Written at once: a dozen turns through the thread pool cost
 * more than the dozen tiny writes.
 */
export function writeGitFolder(folder: string, content: GitFolder): void {
  const files: Record<string, string> = {
    HEAD: content.head.startsWith("refs/") ? `ref: ${content.head}\n` : `${content.head}\n`,
    config: composeConfig(content),
  };
  if (content.borrowsFrom) files["objects/info/alternates"] = `${content.borrowsFrom}\n`;
  if (content.attributes) files["info/attributes"] = content.attributes;
  if (content.packedRefs) files["packed-refs"] = content.packedRefs;
  for (const [name, sha] of Object.entries(content.refs ?? {})) files[name] = `${sha}\n`;
  const folders = [
    "objects",
    "refs",
    "info",
    ...Object.keys(files).map((name) => path.dirname(name)),
  ];
  for (const name of new Set(folders)) mkdirSync(path.join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}

function composeConfig({ isBare, isSha256, config }: GitFolder): string {
  const format = isSha256
    ? "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n[core]\n"
    : "[core]\n\trepositoryformatversion = 0\n";
  const log = isBare ? "" : "\tlogAllRefUpdates = true\n";
  return `${format}\tfilemode = true\n\tbare = ${isBare}\n${log}${config ?? ""}`;
}
