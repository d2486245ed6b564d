import { mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { Unprocessable } from "@/server/domain/errors";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";
import { requireCommits } from "./require-commits";

export interface RestorePatch {
  home: string;
  repositoryId: RepositoryId;
  from: Sha;
  to: Sha;
  /** Where git writes the patch; removed again before this returns. */
  file: string;
  /** A larger patch is refused. */
  maxBytes: number;
  /** Takes the patch piece by piece, each after the one before was taken. */
  onPiece: (piece: Buffer, position: number) => Promise<void>;
  signal?: AbortSignal;
}

const pieceBytes = 256 * 1024;

/**
 * Writes the difference of two commits as a patch from which `git apply` makes the second out of the
 * first, byte for byte: binary files whole, modes, links, and names of any bytes. Memory stays flat
 * whatever its size: git writes a file, which is read piece by piece.
 * @throws NotFound when the mirror lacks a commit, Unprocessable when the patch is too large, GitFailed.
 */
export async function restorePatch(input: RestorePatch): Promise<{ bytes: number }> {
  const { home, repositoryId, from, to, file, signal } = input;
  await requireCommits(home, repositoryId, [from, to]);
  await mkdir(path.dirname(file), { recursive: true });
  try {
    const how = ["-r", "-p", "--binary", "--full-index", "--no-renames", "--no-color"];
    const plain = ["--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/"];
    const range = [shaSchema.parse(from), shaSchema.parse(to), "--"];
    await git(["diff-tree", ...how, ...plain, `--output=${file}`, ...range], {
      home,
      gitDir: mirrorPath(home, repositoryId),
      timeoutSeconds: 600,
      signal,
    });
    return { bytes: await readPieces(input) };
  } finally {
    await rm(file, { force: true });
  }
}

async function readPieces({ file, maxBytes, onPiece }: RestorePatch): Promise<number> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(size, maxBytes);
    let offset = 0;
    for (let position = 0; offset < size; position += 1) {
      const { buffer, bytesRead } = await handle.read({
        buffer: Buffer.allocUnsafe(Math.min(pieceBytes, size - offset)),
        position: offset,
      });
      await onPiece(buffer.subarray(0, bytesRead), position);
      offset += bytesRead;
    }
    return size;
  } finally {
    await handle.close();
  }
}

function tooLarge(bytes: number, maxBytes: number): Unprocessable {
  const megabytes = (count: number) => Math.ceil(count / 1024 / 1024);
  return new Unprocessable(
    `The patch has ${megabytes(bytes)} MB; a patch may have ${megabytes(maxBytes)} MB.`,
    { hint: "Restore the work as a branch or a workspace instead.", facts: { bytes, maxBytes } },
  );
}
