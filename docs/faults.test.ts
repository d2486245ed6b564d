import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { parseAst } from "vitest/node";
import { listQuickCases } from "../crash/list-cases";

const project = path.join(import.meta.dirname, "..");
const page = readFileSync(path.join(import.meta.dirname, "faults.md"), "utf8");
const groups = { A: 28, B: 18, C: 17, D: 16 };
const crashList = "crash/list-cases.ts";

interface Row {
  number: string;
  /** `file › title` of each test. */
  tests: string[];
  /** Why there is none. */
  reason: string | null;
}

function readRows(): Row[] {
  return page
    .split(/^- (?=\*\*[A-Z]\d+\*\* )/m)
    .slice(1)
    .map((text) => ({
      number: /^\*\*([A-Z]\d+)\*\*/.exec(text)?.[1] ?? "",
      tests: [...text.matchAll(/^ {2}- `([^`]+ › .+)`$/gm)].map(([, test = ""]) => test),
      reason: /^ {2}- no test: (.+)$/m.exec(text)?.[1] ?? null,
    }));
}

type Node = { type: string; [key: string]: unknown };

/** The titles in a file's calls of `it` and `test`, with all that may stand between name and title. */
function readTitles(file: string): Set<string> {
  const text = readFileSync(path.join(project, file), "utf8");
  const titles = new Set<string>();
  const walk = (node: unknown) => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (typeof node !== "object" || node === null) return;
    const { type, callee, arguments: given } = node as Node;
    if (type === "CallExpression" && /^(it|test)$/.test(findRoot(callee as Node))) {
      const title = (given as Node[])[0];
      if (title?.type === "Literal" && typeof title.value === "string") titles.add(title.value);
    }
    Object.values(node).forEach(walk);
  };
  walk(parseAst(text, { lang: "ts" }, file));
  return titles;
}

/** The name with which `it`, `it.each(…)` and `it.runIf(…)` begin; "" for a `describe` of a suite's. */
function findRoot(callee: Node): string {
  if (callee.type === "Identifier") return String(callee.name);
  if (callee.type === "CallExpression") return findRoot(callee.callee as Node);
  if (callee.type !== "MemberExpression") return "";
  return (callee.property as Node).name === "describe" ? "" : findRoot(callee.object as Node);
}

const rows = readRows();
const known = new Map<string, Set<string>>();
const quick = listQuickCases().map(({ point, victim }) => `${point} × ${victim}`);
known.set(crashList, new Set(quick));

function isThere(test: string): boolean {
  const [file = "", title = ""] = test.split(/ › (.*)/s);
  if (!known.has(file)) {
    known.set(file, existsSync(path.join(project, file)) ? readTitles(file) : new Set());
  }
  return known.get(file)?.has(title) ?? false;
}

it("has every fault once, in order", () => {
  const expected = Object.entries(groups).flatMap(([group, count]) =>
    Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
  );
  expect(rows.map(({ number }) => number)).toEqual(expected);
});

it("names tests or a reason for each, and not both", () => {
  const wrong = rows.filter(({ tests, reason }) => tests.length > 0 === (reason !== null));
  expect(wrong).toEqual([]);
});

it("names only tests that exist, by their very titles", () => {
  const missing = rows.flatMap(({ number, tests }) =>
    tests.filter((test) => !isThere(test)).map((test) => `${number}: ${test}`),
  );
  expect(missing).toEqual([]);
  for (const group of Object.keys(groups)) {
    const ours = rows.filter(({ number }) => number.startsWith(group));
    const shown = ours.filter(({ tests }) => tests.length > 0).length;
    console.log(`faults ${group}: ${shown} shown by tests, ${ours.length - shown} not`);
  }
});

it("would notice a test that does not exist", () => {
  expect(isThere("docs/faults.test.ts › would notice a test that does not exist")).toBe(true);
  expect(isThere("docs/faults.test.ts › is a title that nobody has")).toBe(false);
  expect(isThere("docs/no-such.test.ts › has every fault once, in order")).toBe(false);
  expect(isThere(`${crashList} › mid:nowhere × worker`)).toBe(false);
});
