import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const folder = import.meta.dirname;
const manifest = JSON.parse(readFileSync(path.join(folder, "../package.json"), "utf8"));
const document = readFileSync(path.join(folder, "dependencies.md"), "utf8");

/** Of a section's tables, the package that each row is about. */
function packagesOf(title: string): string[] {
  const section = document.split(/^## /m).find((part) => part.startsWith(title)) ?? "";
  return [...section.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name = ""]) => name).toSorted();
}

describe("docs/dependencies.md", () => {
  it.each([
    ["At run time", "dependencies"],
    ["Only where they fit", "optionalDependencies"],
    ["For development and tests", "devDependencies"],
  ])("names under “%s” just the %s of package.json", (title, group) => {
    expect(packagesOf(title)).toEqual(Object.keys(manifest[group]).toSorted());
  });

  it("promises exact versions, and package.json keeps the promise", () => {
    const versions = ["dependencies", "optionalDependencies", "devDependencies"].flatMap((group) =>
      Object.entries<string>(manifest[group]),
    );

    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual(
      [],
    );
  });

  it("links only to decisions that exist", () => {
    const links = [...document.matchAll(/\]\((decisions\/[^)]+)\)/g)].map(([, link = ""]) => link);

    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(readFileSync(path.join(folder, link), "utf8")).not.toBe("");
  });
});
