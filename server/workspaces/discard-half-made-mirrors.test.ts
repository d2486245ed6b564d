import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { discardHalfMadeMirrors } from "./discard-half-made-mirrors";

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "coppice-half-"));
  writeFileSync(path.join(home, "installation"), "mine\n");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("deletes what a killed worker left half made, and nothing else", async () => {
  await discardHalfMadeMirrors(home, "mine");
  const [whole, half] = [`${randomUUID()}.git`, `${randomUUID()}.git.new-${randomUUID()}`];
  for (const name of [whole, half, "notes.git.new-x"]) {
    mkdirSync(path.join(home, "repositories", name), { recursive: true });
  }
  await discardHalfMadeMirrors(home, "mine");
  expect(readdirSync(path.join(home, "repositories")).sort()).toEqual(
    [whole, "notes.git.new-x"].sort(),
  );
});

test("touches nothing of another installation's home", async () => {
  const half = path.join(home, "repositories", `${randomUUID()}.git.new-${randomUUID()}`);
  mkdirSync(half, { recursive: true });
  await expect(discardHalfMadeMirrors(home, "another")).rejects.toThrow("another installation");
  expect(existsSync(half)).toBe(true);
});
