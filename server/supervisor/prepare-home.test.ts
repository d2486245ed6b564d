import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareHome } from "./prepare-home";

describe("the home", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), "coppice-home-")));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("is made with all folders above it", async () => {
    const home = path.join(folder, "a", "b");
    expect(await prepareHome(home)).toBe(home);
    expect(await prepareHome(home)).toBe(home);
  });

  it("is refused with its path and the fix when it cannot be written", async () => {
    const file = path.join(folder, "file");
    await writeFile(file, "");
    const home = path.join(file, "home");
    await expect(prepareHome(home)).rejects.toMatchObject({
      message: expect.stringContaining(home),
      hint: expect.stringContaining("COPPICE_HOME"),
    });
  });
});
