import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { crashPoints } from "./crash-points";

const project = path.resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "coppice-crash-points-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that passes `mid:run` twice and says so each time. */
function startPasser(environment: Record<string, string>) {
  const file = path.join(import.meta.dirname, "crash-points.ts");
  const script = `import { crashAt } from ${JSON.stringify(file)};
    for (const time of ["once", "twice"]) { await crashAt("mid:run"); console.log(time); }`;
  const passer = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: project,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  passer.stdout.on("data", (data) => {
    said.out += data;
  });
  passer.stderr.on("data", (data) => {
    said.err += data;
  });
  return { said, gone: once(passer, "close") };
}

describe("crashAt", () => {
  it("kills the process at the point that is asked for, before anything follows", async () => {
    const passer = startPasser({ COPPICE_TEST_CRASH: "1", CRASH_AT: "mid:run" });
    expect(await passer.gone).toEqual([null, "SIGKILL"]);
    expect(passer.said.out).toBe("");
  });

  it.each([
    ["another point is asked for", { COPPICE_TEST_CRASH: "1", CRASH_AT: "after:go" }],
    ["nobody says that this is a crash test", { CRASH_AT: "mid:run" }],
    [
      "this is production",
      { COPPICE_TEST_CRASH: "1", CRASH_AT: "mid:run", NODE_ENV: "production" },
    ],
  ])("does nothing when %s", async (_, environment) => {
    const passer = startPasser(environment);
    expect(await passer.gone).toEqual([0, null]);
    expect(passer.said.out).toBe("once\ntwice\n");
  });

  it("holds the process the first time until its mark is removed", async () => {
    const mark = path.join(folder, "mark");
    const passer = startPasser({
      COPPICE_TEST_CRASH: "1",
      CRASH_AT: "mid:run:hold",
      COPPICE_CRASH_MARK: mark,
    });
    while (!existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(passer.said.out).toBe("");
    rmSync(mark);
    expect(await passer.gone).toEqual([0, null]);
    expect(passer.said.out).toBe("once\ntwice\n");
    expect(existsSync(mark)).toBe(false);
  });

  it("refuses a point that does not exist", async () => {
    const passer = startPasser({ COPPICE_TEST_CRASH: "1", CRASH_AT: "mid:rum" });
    expect(await passer.gone).toEqual([1, null]);
    expect(passer.said.err).toContain("CRASH_AT names no crash point: mid:rum");
  });
});

it("names each crash point that the code passes, and no other", () => {
  const passed = readdirSync(path.join(project, "server"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(path.join(project, "server", name), "utf8"))
    .flatMap((text) => [...text.matchAll(/\bcrashAt\("([^"]+)"\)/g)].map(([, point]) => point));
  expect(passed.sort()).toEqual(Object.keys(crashPoints).sort());
});
