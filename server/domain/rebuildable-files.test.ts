import { expect, test } from "vitest";
import { looksRebuildable } from "./rebuildable-files";

test.each([
  "node_modules/",
  "packages/web/node_modules/",
  "target/",
  "src/__pycache__/",
  "src/main.o",
  "dist/app.js",
  ".DS_Store",
])("%s is made again", (name) => expect(looksRebuildable(name)).toBe(true));

test.each([
  ".env",
  "data.sqlite",
  "notes/",
  "builds/",
  "targets.txt",
  "run.log",
  "config/local.json",
])("%s may be the only one there is", (name) => expect(looksRebuildable(name)).toBe(false));
