import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { Unprocessable } from "@/server/domain/errors";
import { limits } from "@/server/domain/limits";

export interface BroughtFile {
  /** From the root, with slashes. */
  path: string;
  isLink: boolean;
  bytes: number;
}

interface Search {
  root: string;
  take: (file: BroughtFile) => void;
}

/**
 * The files below `root` that patterns name: `*` and `?` within a name, `**` over folders, a folder with
 * all that is in it. No link is followed, and nothing of a `.git` is taken.
 * @throws Unprocessable when they are more than may be brought along.
 */
export async function findBroughtFiles(root: string, patterns: string[]): Promise<BroughtFile[]> {
  const found = new Map<string, BroughtFile>();
  let bytes = 0;
  const take = (file: BroughtFile) => {
    if (found.has(file.path)) return;
    found.set(file.path, file);
    bytes += file.bytes;
    if (bytes > limits.maxBroughtBytes || found.size > limits.maxBroughtFiles) throw tooMuch();
  };
  for (const pattern of patterns) await walk({ root, take }, "", pattern.split("/"));
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function tooMuch(): Unprocessable {
  const { maxBroughtBytes, maxBroughtFiles } = limits;
  return new Unprocessable(
    `The files to bring along are more than ${maxBroughtFiles}, or larger than ${maxBroughtBytes / 1024 ** 2} MiB together.`,
    { hint: "Name fewer of them in the repository's settings." },
  );
}

async function walk(search: Search, folder: string, parts: string[]): Promise<void> {
  const [part = "", ...rest] = parts;
  if (part === "**") {
    await walk(search, folder, rest.length > 0 ? rest : ["*"]);
    for (const name of await listFolders(search.root, folder)) {
      await walk(search, join(folder, name), parts);
    }
    return;
  }
  for (const name of await listMatching(search.root, folder, part)) {
    const inner = join(folder, name);
    const facts = await lstat(path.join(search.root, inner)).catch(whenGone);
    if (!facts) continue;
    if (facts.isDirectory()) await walk(search, inner, rest.length > 0 ? rest : ["**"]);
    else if (rest.length === 0 && (facts.isFile() || facts.isSymbolicLink())) {
      search.take({ path: inner, isLink: facts.isSymbolicLink(), bytes: facts.size });
    }
  }
}

async function listMatching(root: string, folder: string, part: string): Promise<string[]> {
  if (part.toLowerCase() === ".git") return [];
  if (!/[*?]/.test(part)) return [part];
  const source = part
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  const pattern = new RegExp(`^${source}$`, "s");
  const names = await readdir(path.join(root, folder)).catch(whenGone);
  return (names ?? []).filter((name) => name !== ".git" && pattern.test(name)).sort();
}

async function listFolders(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(whenGone);
  return (entries ?? [])
    .filter((entry) => entry.isDirectory() && entry.name !== ".git")
    .map(({ name }) => name)
    .sort();
}

const join = (folder: string, name: string) => (folder === "" ? name : `${folder}/${name}`);

function whenGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
  throw error;
}
