import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { findBroughtFiles } from "./find-brought-files";

const root = mkdtempSync(path.join(tmpdir(), "coppice-brought-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

for (const file of [
  ...[".env", ".env.local", "a(b).txt", "cache/x", "cache/deep/y", "packages/one/.env"],
  ...[".git/config", "packages/one/.git/config"],
]) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), "12345");
}
symlinkSync("/etc", path.join(root, "cache", "etc"));
symlinkSync("/etc", path.join(root, "outside"));

it.each([
  [[".env"], [".env"]],
  [[".env*"], [".env", ".env.local"]],
  [[".en?"], [".env"]],
  [["cache"], ["cache/deep/y", "cache/etc", "cache/x"]],
  [["cache/*"], ["cache/deep/y", "cache/etc", "cache/x"]],
  [["**/.env"], [".env", "packages/one/.env"]],
  [
    ["a(b).txt", "gone", "cache/x", "cache/x"],
    ["a(b).txt", "cache/x"],
  ],
  [[".git/config", "packages/one/.git/*", "**/config", "outside/passwd"], []],
])("finds by %j what is there, once, and goes through no link", async (patterns, expected) => {
  const found = await findBroughtFiles(root, patterns);
  expect(found.map((file) => file.path)).toEqual(expected);
  expect(found.find((file) => file.path === ".env")?.bytes ?? 5).toBe(5);
});
