import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shadowPath, sparesPath } from "@/server/workspaces/layout";
import {
  makeTestHome,
  openTestWorkspace,
  removeTestHome,
  type TestHome,
} from "@/server/workspaces/testing";
import { refillPool } from "./refill-pool";

let at: TestHome;
beforeAll(() => {
  at = makeTestHome();
});
afterAll(() => removeTestHome(at));

test("a worker's first refill removes what its predecessor left half-made, wished for or not", async () => {
  const { input } = await openTestWorkspace(at);
  const id = "5e0a4b52-61f3-4c1e-9f0f-3d1d7a2f8c10";
  const half = path.join(sparesPath(at.home, input.repositoryId), `${at.base}-${id}.half`);
  for (const folder of [half, shadowPath(at.home, id)]) mkdirSync(folder, { recursive: true });
  await refillPool(at.home, []);
  expect(existsSync(half)).toBe(false);
  expect(existsSync(shadowPath(at.home, id))).toBe(false);
});
