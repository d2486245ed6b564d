import { mkdir, writeFile } from "node:fs/promises";
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

/** Makes a git folder file by file, as gitrepository-layout(5) has it: no hooks, no template, no process. */
export async function writeGitFolder(folder: string, content: GitFolder): Promise<void> {
  for (const name of ["objects/info", "objects/pack", "refs/heads", "refs/tags", "info"]) {
    await mkdir(path.join(folder, name), { recursive: true });
  }
  const files: Record<string, string> = {
    HEAD: content.head.startsWith("refs/") ? `ref: ${content.head}\n` : `${content.head}\n`,
    config: composeConfig(content),
  };
  if (content.borrowsFrom) files["objects/info/alternates"] = `${content.borrowsFrom}\n`;
  if (content.attributes) files["info/attributes"] = content.attributes;
  if (content.packedRefs) files["packed-refs"] = content.packedRefs;
  for (const [name, sha] of Object.entries(content.refs ?? {})) files[name] = `${sha}\n`;
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (name.startsWith("refs/")) await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function composeConfig({ isBare, isSha256, config }: GitFolder): string {
  const format = isSha256
    ? "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n[core]\n"
    : "[core]\n\trepositoryformatversion = 0\n";
  const log = isBare ? "" : "\tlogAllRefUpdates = true\n";
  return `${format}\tfilemode = true\n\tbare = ${isBare}\n${log}${config ?? ""}`;
}
