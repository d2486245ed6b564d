import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";

/** A path in a folder, of a name that git gave as raw bytes (in a latin1 string). */
export function joinRaw(folder: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}${path.sep}`), Buffer.from(name, "latin1")]);
}

/** What lies in a folder, named by raw bytes in latin1 strings: names need not be UTF-8. */
export function readRawFolder(folder: Buffer): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true, encoding: "latin1" });
}
