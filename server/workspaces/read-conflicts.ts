import type { FileConflict } from "@/server/domain/delivery";
import type { RepositoryId } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";

const maxFiles = 50;
const maxHunks = 10;
const maxHunkLines = 40;
const maxBytes = 16 * 1024 * 1024;

/**
 * Reads, out of the tree that git wrote for a merge with conflicts, where each file does not merge.
 * @throws GitFailed
 */
export async function readConflicts(input: {
  home: string;
  repositoryId: RepositoryId;
  tree: string;
  paths: string[];
}): Promise<FileConflict[]> {
  const { home, repositoryId, tree, paths } = input;
  const read = paths.slice(0, maxFiles).filter((path) => !path.includes("\n"));
  const { stdout } = await git(["cat-file", "--batch"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
    input: read.map((path) => `${tree}:${path}\n`).join(""),
    maxOutputBytes: maxBytes,
    whenTooLong: "cut",
  });
  const contents = splitBatch(stdout);
  return paths.map((path) => {
    const content = contents[read.indexOf(path)];
    return { path, hunks: content ? cutHunks(content) : [] };
  });
}

/** `<sha> <type> <size>`, a line feed, the content, a line feed; “missing” where there is none. */
function splitBatch(output: Buffer): (string | null)[] {
  const contents: (string | null)[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    if (end < 0) break;
    const found = /^[0-9a-f]+ (\w+) (\d+)$/.exec(output.toString("utf8", at, end));
    at = end + 1;
    if (!found) {
      contents.push(null);
      continue;
    }
    const length = Number(found[2]);
    contents.push(found[1] === "blob" ? output.toString("utf8", at, at + length) : null);
    at += length + 1;
  }
  return contents;
}

/** The places that git marked, each with its marks. */
export function cutHunks(content: string): string[] {
  const hunks: string[] = [];
  let open: string[] | null = null;
  for (const line of content.split("\n")) {
    if (line.startsWith("<<<<<<< ")) open = [];
    open?.push(line);
    if (!open || !line.startsWith(">>>>>>> ")) continue;
    const isLong = open.length > maxHunkLines;
    hunks.push([...open.slice(0, maxHunkLines), ...(isLong ? ["…"] : [])].join("\n"));
    open = null;
    if (hunks.length === maxHunks) break;
  }
  return hunks;
}
