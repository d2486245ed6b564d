import type { LeftOut } from "./capture-workspace";
import type { CaptureIndex } from "./open-capture-index";

export interface Changes {
  /** Changed or new files as raw bytes in latin1 strings: names need not be UTF-8. */
  files: string[];
  deleted: string[];
  /** Folders that hold a repository of their own, with “/” at the end. */
  nested: string[];
  ignored: number;
  /** The same by name; a folder that is ignored as a whole stands once, with “/” at the end. */
  ignoredNames: string[];
  /** The index itself differs from the parent's tree. */
  isStaged: boolean;
  unreadable: LeftOut[];
}

const args = [
  "status",
  "--porcelain=v2",
  "-z",
  "--untracked-files=all",
  "--ignored=matching",
  "--no-renames",
  "--no-ahead-behind",
  // Without this git looks into repositories inside, with their config.
  "--ignore-submodules=all",
];

/** Compares the agent's files with the private index, in one process. */
export async function findChanges(index: CaptureIndex): Promise<Changes> {
  const { stdout, stderr } = await index.run(args, { maxOutputBytes: 512 * 1024 * 1024 });
  const changes: Changes = {
    files: [],
    deleted: [],
    nested: [],
    ignored: 0,
    ignoredNames: [],
    isStaged: false,
    unreadable: readWarnings(stderr),
  };
  for (const line of stdout.toString("latin1").split("\0")) readLine(line, changes);
  return changes;
}

/** `1 XY …`: X is index against parent, Y is file against index; the path is the ninth field. */
function readLine(line: string, changes: Changes): void {
  if (line.startsWith("! ")) {
    changes.ignored += 1;
    changes.ignoredNames.push(line.slice(2));
  }
  if (line.startsWith("? ")) {
    const name = line.slice(2);
    (name.endsWith("/") ? changes.nested : changes.files).push(name);
  }
  if (line.startsWith("1 ")) {
    const name = line.split(" ").slice(8).join(" ");
    if (line[2] !== ".") changes.isStaged = true;
    if (line[3] === "D") changes.deleted.push(name);
    else if (line[3] !== ".") changes.files.push(name);
  }
}

function readWarnings(stderr: string): LeftOut[] {
  const pattern = /^warning: could not open directory '(.*)': (.*)$/gm;
  return [...stderr.matchAll(pattern)].map(([, folder = "", why = ""]) => ({ path: folder, why }));
}
