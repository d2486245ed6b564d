import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  findTooLong,
  findWrongImports,
  findWrongNames,
  isTest,
  measure,
  parseFile,
} from "./architecture-rules";

const project = import.meta.dirname;
const rooms = ["app", "components", "server", "db", "e2e"];

function listSources(folder: string): string[] {
  if (!existsSync(path.join(project, folder))) return [];
  return readdirSync(path.join(project, folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.posix.join(folder, name.split(path.sep).join("/")))
    .filter((file) => /\.tsx?$/.test(file) && !file.includes("node_modules/"));
}

const top = readdirSync(project).filter((name) => /\.tsx?$/.test(name) && name !== "next-env.d.ts");
const files = [...top, ...rooms.flatMap(listSources)].map((file) =>
  parseFile({ path: file, text: readFileSync(path.join(project, file), "utf8") }),
);

describe("the source", () => {
  it("imports only what its room may import", () => {
    expect(files.flatMap(findWrongImports)).toEqual([]);
  });

  it("names a file after the function it exports, and keeps no drawers", () => {
    expect(files.flatMap(findWrongNames)).toEqual([]);
  });

  it("has no file over 300 lines and no function over 80", () => {
    expect(files.flatMap(findTooLong)).toEqual([]);
  });

  it("is small in the middle too", () => {
    const counted = files.filter((file) => !isTest(file.path));
    const fileLines = measure(counted.map((file) => file.lines));
    const functionLines = measure(counted.flatMap((file) => file.functionLines));
    console.log("lines of a file (median, p90, max):", Object.values(fileLines).join(" "));
    console.log("lines of a function (median, p90, max):", Object.values(functionLines).join(" "));

    expect(fileLines.median).toBeLessThanOrEqual(80);
    expect(fileLines.p90).toBeLessThanOrEqual(200);
    expect(functionLines.median).toBeLessThanOrEqual(10);
    expect(functionLines.p90).toBeLessThanOrEqual(40);
  });
});

/** What the rules say about one planted file. */
function judge(file: string, text: string): string[] {
  const parsed = parseFile({ path: file, text });
  return [...findWrongImports(parsed), ...findWrongNames(parsed), ...findTooLong(parsed)];
}

describe("the rules", () => {
  it.each([
    ["server/domain/run.ts", `import { db } from "@/db/client";`],
    ["server/domain/run.ts", `import { readFileSync } from "node:fs";`],
    ["server/agents/drive.ts", `import { runs } from "@/db/schema/runs";`],
    ["server/workspaces/clone.ts", `import type { Run } from "../runs/get-run";`],
    ["server/runs/start-run.ts", `import { git } from "@/server/workspaces/git";`],
    ["server/api/runs.ts", `import { db } from "@/db/client";`],
    ["server/api/runs.ts", `const jobs = await import("@/server/jobs/send-run-job");`],
    ["server/worker/drive-run.ts", `import { router } from "@/server/api/router";`],
    ["components/runs/list.tsx", `import { router } from "@/server/api/router";`],
    ["components/runs/list.tsx", `export { startRun } from "../../server/runs/start-run";`],
    ["app/page.tsx", `import { startRun } from "@/server/runs/start-run";`],
    ["app/page.tsx", `type Db = import("@/db/client").Db;`],
    ["server/runs/start-run.ts", `import { PgBoss } from "pg-boss";`],
    ["server/workspaces/clone.ts", `import { spawn } from "node:child_process";`],
    ["app/route.ts", `import { execFile } from "child_process";`],
    ["server/api/runs.ts", `import { eq } from "drizzle-orm";`],
    ["server/runs/row.ts", `import { useState } from "react";`],
    ["server/runs/run.test.ts", `import { git } from "@/server/workspaces/git";`],
  ])("refuse, in %s: %s", (file, text) => {
    expect(findWrongImports(parseFile({ path: file, text }))).toHaveLength(1);
  });

  it.each([
    ["components/runs/list.tsx", `import type { AppRouter } from "@/server/api/router";`],
    ["server/workspaces/git.ts", `import { spawn } from "node:child_process";`],
    ["db/migrate.ts", `import { PgBoss } from "pg-boss";`],
    ["server/domain/run.ts", `import { z } from "zod"; import { RunId } from "./ids";`],
    ["server/overview/get.ts", `import { listWorkers } from "@/server/workers/list-workers";`],
    ["server/jobs/send.test.ts", `import { createTestDatabase } from "@/db/testing";`],
  ])("allow, in %s: %s", (file, text) => {
    expect(judge(file, text)).toEqual([]);
  });

  it("refuse a verb's file that does not export the verb", () => {
    expect(judge("server/runs/start-run.ts", "export function beginRun() {}")).toHaveLength(1);
    expect(judge("server/runs/start-run.ts", "function startRun() {}")).toHaveLength(1);
    expect(judge("server/runs/start-run.ts", "export const startRun = () => {};")).toEqual([]);
    expect(judge("server/runs/page-cursor.ts", "export function readCursor() {}")).toEqual([]);
  });

  it.each(["server/utils/a.ts", "server/runs/helpers.ts", "components/common/b.tsx"])(
    "refuse the drawer %s",
    (file) => {
      expect(judge(file, "")).toHaveLength(1);
    },
  );

  it("refuse a file of 301 lines and a function of 81", () => {
    expect(judge("db/a.ts", "export const a = 1;\n".repeat(300))).toEqual([]);
    expect(judge("db/a.ts", "//\n".repeat(301))).toHaveLength(1);
    const long = (lines: number) => `const a = () => {${"\n".repeat(lines - 1)}};`;
    expect(judge("db/a.ts", long(80))).toEqual([]);
    expect(judge("db/a.ts", long(81))).toHaveLength(1);
    expect(judge("db/a.test.ts", long(81))).toEqual([]);
  });

  it("measure the median, the ninth tenth and the most", () => {
    const values = Array.from({ length: 10 }, (_, index) => 10 - index);
    expect(measure(values)).toEqual({ median: 5, p90: 9, max: 10 });
    expect(measure([])).toEqual({ median: 0, p90: 0, max: 0 });
  });
});
