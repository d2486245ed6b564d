import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { productVersion } from "./version";

it("is the version of package.json", () => {
  const file = path.join(import.meta.dirname, "../../package.json");

  expect(productVersion).toBe(JSON.parse(readFileSync(file, "utf8")).version);
});
