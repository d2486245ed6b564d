import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { quarantineFolder } from "./quarantine-folder";

let home: string;
let input: Parameters<typeof quarantineFolder>[0];
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "coppice-quarantine-"));
  const folder = path.join(home, "workspaces", "strange");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "work.txt"), "work");
  const target = path.join(home, "quarantine", "2026-01-01-strange");
  input = { home, folder, target, why: "Nobody knows it.", now: new Date("2026-01-01") };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it("renames a folder as it is, beside a note of where it was and how it comes back", async () => {
  await quarantineFolder(input);
  expect(existsSync(input.folder)).toBe(false);
  expect(readFileSync(path.join(input.target, "work.txt"), "utf8")).toBe("work");
  const note = readFileSync(`${input.target}.note.txt`, "utf8");
  expect(note).toContain(`mv '${input.target}' '${input.folder}'`);
  expect(note).toContain("Nobody knows it.");
});

it("goes on where it was killed after the note", async () => {
  mkdirSync(path.dirname(input.target));
  writeFileSync(`${input.target}.note.txt`, "half a no");
  await quarantineFolder(input);
  expect(readFileSync(`${input.target}.note.txt`, "utf8")).toContain("Came from");
  await expect(quarantineFolder(input)).rejects.toMatchObject({ code: "not_found" });
});

it("never moves onto something, nor anything that is not a part of the home", async () => {
  mkdirSync(input.target, { recursive: true });
  await expect(quarantineFolder(input)).rejects.toMatchObject({ code: "conflict" });
  const wrong = [
    { folder: path.join(home, "workspaces") },
    { folder: path.join(home, "postgres", "data") },
    { folder: `${home}/workspaces/../installation` },
    { folder: "/etc" },
    { target: path.join(home, "workspaces", "elsewhere") },
  ];
  for (const given of wrong) {
    await expect(quarantineFolder({ ...input, ...given })).rejects.toMatchObject({
      code: "bad_input",
    });
  }
  expect(existsSync(path.join(input.folder, "work.txt"))).toBe(true);
});

it("leaves a folder of another file system where it is, and says so", async () => {
  const elsewhere = mkdtempSync("/dev/shm/coppice-quarantine-");
  try {
    symlinkSync(elsewhere, path.join(home, "attempts"));
    const folder = path.join(home, "attempts", "run");
    mkdirSync(folder);
    await expect(quarantineFolder({ ...input, folder })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("another file system"),
    });
    expect(existsSync(folder)).toBe(true);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});
