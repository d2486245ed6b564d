import { git } from "./git";
import { mirrorPath } from "./layout";
import { composeLogArgs, type ListCommits } from "./list-commits";

export interface Patch {
  text: string;
  isCut: boolean;
}

/** All patches together; what comes after is left out and marked as cut. */
const maxTotalBytes = 64 * 1024 * 1024;
const nul = 0;

/**
 * Reads the patches of a range from one git, cutting each while it comes, so that memory stays
 * bounded whatever the agent committed. A NUL ends each commit's id and patch: git shows files that
 * hold one as binary.
 */
export async function readPatches(input: ListCommits): Promise<Map<string, Patch>> {
  const patches = new Map<string, Patch>();
  const reader = new PatchReader(input.maxPatchBytes, patches);
  const args = composeLogArgs(input, "--patch", "--format=%x00%H%x00");
  await git(args, {
    home: input.home,
    gitDir: mirrorPath(input.home, input.repositoryId),
    onStdout: (chunk) => reader.read(chunk),
    signal: input.signal,
  });
  reader.finish();
  return patches;
}

class PatchReader {
  private sha = "";
  private isInPatch = false;
  private pieces: Buffer[] = [];
  private bytes = 0;
  private total = 0;
  private isCut = false;

  constructor(
    private readonly maxPatchBytes: number,
    private readonly patches: Map<string, Patch>,
  ) {}

  /** False when enough was read. */
  read(chunk: Buffer): boolean {
    let start = 0;
    for (let end = chunk.indexOf(nul); end >= 0; end = chunk.indexOf(nul, start)) {
      this.take(chunk.subarray(start, end));
      this.turn();
      start = end + 1;
    }
    this.take(chunk.subarray(start));
    return this.total <= maxTotalBytes;
  }

  finish(): void {
    if (this.isInPatch) this.turn();
  }

  private take(piece: Buffer): void {
    const room = this.isInPatch ? this.maxPatchBytes - this.bytes : 128;
    if (piece.length > room) this.isCut = true;
    const kept = piece.subarray(0, Math.max(0, room));
    this.pieces.push(kept);
    this.bytes += kept.length;
    this.total += kept.length;
  }

  /** A NUL was met: what came is a patch, or the id of the commit whose patch follows. */
  private turn(): void {
    const text = decodePatch(Buffer.concat(this.pieces), this.isCut);
    if (this.isInPatch && text) this.patches.set(this.sha, { text, isCut: this.isCut });
    else if (!this.isInPatch && text) this.sha = text;
    this.isInPatch = !this.isInPatch && text !== "";
    this.pieces = [];
    this.bytes = 0;
    this.isCut = false;
  }
}

/** A cut ends at a whole line; bytes that are no UTF-8 become the replacement character. */
export function decodePatch(bytes: Buffer, isCut: boolean): string {
  const end = isCut ? bytes.lastIndexOf(0x0a) + 1 : bytes.length;
  return bytes.subarray(0, end).toString("utf8").replace(/^\n+/, "");
}
