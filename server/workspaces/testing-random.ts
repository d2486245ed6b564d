import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { runGit } from "./testing";

/** Numbers from 0 to below 1 that a seed decides (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const names = [
  ...[
    "plain.txt",
    "-rf",
    "new\nline",
    "tab\there",
    "sp ace",
    "quo\"te'",
    "ü.txt",
    "a\\b",
    "%s$(id)",
  ],
  ...["deep/er/one.bin", "deep/two", "x/-n", "CON.txt", "héllo/wörld", "*star?", "end.", "#hash"],
].map((name) => Buffer.from(name));
const oddBytes = [Buffer.from([0x66, 0xff, 0x6f]), Buffer.from([0x64, 0x2f, 0xfe, 0xfd])];

/** What an agent does to a workspace, at random: every kind of change that a tree of git can hold. */
export function changeAtRandom(folder: string, random: () => number): void {
  const pick = <Item>(items: Item[]) => items[Math.floor(random() * items.length)] as Item;
  const operations = 3 + Math.floor(random() * 8);
  for (let count = 0; count < operations; count += 1) {
    const name = pick([...names, ...oddBytes]);
    const file = Buffer.concat([Buffer.from(`${folder}/`), name]);
    const known = listFiles(folder);
    const old = known.length > 0 ? Buffer.concat([Buffer.from(`${folder}/`), pick(known)]) : file;
    const kind = Math.floor(random() * 9);
    if (kind <= 2) put(folder, file, randomBytes(random));
    if (kind === 3) rmSync(old, { force: true });
    if (kind === 4 && lstatSync(old, { throwIfNoEntry: false })?.isFile()) {
      chmodSync(old, random() < 0.5 ? 0o755 : 0o644);
    }
    if (kind === 5) replaceByLink(file, pick(["/etc/passwd", "../../out", "deep", "nowhere", "."]));
    if (kind === 6 && !existsSync(file)) move(folder, old, file);
    if (kind === 7) makeNested(folder, `nested-${Math.floor(random() * 3)}`, random);
    if (kind === 8) mkdirSync(path.join(folder, `empty-${count}`), { recursive: true });
    if (random() < 0.15) commit(folder);
  }
}

function randomBytes(random: () => number): Buffer {
  const length = Math.floor(random() ** 3 * 20_000);
  const isText = random() < 0.5;
  const lines = ["one\n", "two\r\n", "three", "\n", "\t\u0000", "é\n"];
  if (isText) {
    return Buffer.from(
      Array.from({ length: length / 10 }, () => lines[Math.floor(random() * 6)]).join(""),
    );
  }
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

function put(folder: string, file: Buffer, content: Buffer): void {
  if (!clearTheWay(folder, file)) return;
  writeFileSync(file, content);
}

/** False when a link or a folder is where the file or its folder should be. */
function clearTheWay(folder: string, file: Buffer): boolean {
  const parent = file.subarray(0, file.lastIndexOf("/"));
  if (parent.length > folder.length && !lstatSync(parent, { throwIfNoEntry: false })) {
    try {
      mkdirSync(parent, { recursive: true });
    } catch {
      return false;
    }
  }
  if (!lstatSync(parent, { throwIfNoEntry: false })?.isDirectory()) return false;
  const there = lstatSync(file, { throwIfNoEntry: false });
  return !there || there.isFile();
}

function replaceByLink(file: Buffer, target: string): void {
  const parent = file.subarray(0, file.lastIndexOf("/"));
  if (!lstatSync(parent, { throwIfNoEntry: false })?.isDirectory()) return;
  if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) rmSync(file, { recursive: true });
  rmSync(file, { force: true });
  symlinkSync(target, file);
}

function move(folder: string, from: Buffer, to: Buffer): void {
  if (!lstatSync(from, { throwIfNoEntry: false }) || !clearTheWay(folder, to)) return;
  renameSync(from, to);
}

function makeNested(folder: string, name: string, random: () => number): void {
  const nested = path.join(folder, name);
  if (lstatSync(nested, { throwIfNoEntry: false })) return;
  mkdirSync(nested);
  runGit(nested, "init", "-q");
  writeFileSync(path.join(nested, "inner.bin"), randomBytes(random));
  if (random() < 0.5) commit(nested);
}

/** As an agent would: nested repositories go in as a commit id alone, if at all. */
function commit(folder: string): void {
  try {
    runGit(folder, "add", "-A", "--", ":!nested-*");
    runGit(folder, "commit", "-q", "-m", "On the way");
  } catch {
    // Nothing to commit, or a repository inside without a commit.
  }
}

/** Every file and link by its name in hexadecimal: kind, right to execute, and a hash of its bytes. */
export function describeTree(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of listFiles(folder)) {
    const file = Buffer.concat([Buffer.from(`${folder}/`), name]);
    const facts = lstatSync(file);
    const content = facts.isSymbolicLink()
      ? readlinkSync(file, { encoding: "buffer" })
      : readFileSync(file);
    const mode = facts.isSymbolicLink() ? "120000" : facts.mode & 0o100 ? "100755" : "100644";
    found[name.toString("hex")] = `${mode} ${hashBlob(content)}`;
  }
  return sortKeys(found);
}

/** The same of a tree in a repository, as git lists it. */
export function describeCommit(gitDir: string, commitish: string): Record<string, string> {
  const args = ["--git-dir", gitDir, "ls-tree", "-r", "-z", commitish];
  const listed = execFileSync("git", args, { maxBuffer: 64 * 1024 * 1024 }).toString("latin1");
  const found: Record<string, string> = {};
  for (const line of listed.split("\0").filter(Boolean)) {
    const [, mode, sha, name = ""] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    found[Buffer.from(name, "latin1").toString("hex")] = `${mode} ${sha}`;
  }
  return sortKeys(found);
}

const sortKeys = (entries: Record<string, string>) =>
  Object.fromEntries(Object.entries(entries).sort(([one], [other]) => (one < other ? -1 : 1)));

const hashBlob = (content: Buffer) =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");

function listFiles(folder: string, below = Buffer.alloc(0)): Buffer[] {
  const here = Buffer.concat([Buffer.from(`${folder}/`), below]);
  return readdirSync(here, { withFileTypes: true, encoding: "buffer" }).flatMap((entry) => {
    if (entry.name.toString("latin1") === ".git") return [];
    const name = Buffer.concat([below, entry.name]);
    if (entry.isDirectory()) return listFiles(folder, Buffer.concat([name, Buffer.from("/")]));
    return entry.isFile() || entry.isSymbolicLink() ? [name] : [];
  });
}
