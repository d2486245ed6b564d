import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepSecret } from "./keep-secret";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), "coppice-secret-"));
});
afterEach(() => rm(home, { recursive: true }));

test("makes one secret for all who ask at once, readable by its owner alone", async () => {
  // Each begins a turn of the event loop after the one before: some find the file, some make it.
  const ask = async (turns: number) => {
    for (let turn = 0; turn < turns; turn += 1) await setImmediate();
    return keepSecret(home);
  };
  const secrets = await Promise.all(Array.from({ length: 40 }, (_, turns) => ask(turns)));
  expect(new Set(secrets).size).toBe(1);
  expect(Buffer.from(secrets[0] ?? "", "base64url")).toHaveLength(32);
  expect(await readdir(home)).toEqual(["secret"]);
  expect((await stat(path.join(home, "secret"))).mode & 0o777).toBe(0o600);
});

test("keeps the secret over restarts", async () => {
  expect(await keepSecret(home)).toBe(await keepSecret(home));
});

test("refuses a secret that is too short", async () => {
  await writeFile(path.join(home, "secret"), "hunter2");
  await expect(keepSecret(home)).rejects.toThrow("too short");
});
