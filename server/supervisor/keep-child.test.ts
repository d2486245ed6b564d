import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChildKeepsFailing } from "./errors";
import { type KeptChild, keepChild } from "./keep-child";

const living = `console.log("child ready"); setInterval(() => {}, 1000);`;

describe("a kept child", () => {
  let folder: string;
  let lines: string[];
  let child: KeptChild | null;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "coppice-child-"));
    lines = [];
    child = null;
  });

  afterEach(async () => {
    await child?.stop(0);
    await rm(folder, { recursive: true, force: true });
  });

  async function keep(script: string, environment = () => process.env): Promise<KeptChild> {
    await writeFile(path.join(folder, "child.mjs"), script);
    child = keepChild({
      ...{ name: "child", args: ["child.mjs"], folder, environment },
      firstDelayMilliseconds: 1,
      log: (line) => lines.push(line),
    });
    return child;
  }

  it("is ready when it prints so", async () => {
    await expect((await keep(living)).ready).resolves.toBeUndefined();
  });

  it("is ready when it sends so", async () => {
    const script = `process.send({ type: "ready" }); setInterval(() => {}, 1000);`;
    await expect((await keep(script)).ready).resolves.toBeUndefined();
  });

  it("is started again after a kill -9, with the environment of that moment", async () => {
    let turn = 0;
    const kept = await keep(`console.log("turn " + process.env.TURN); ${living}`, () => {
      turn += 1;
      return { ...process.env, TURN: String(turn) };
    });
    await kept.ready;
    const first = kept.pid;
    if (first) process.kill(first, "SIGKILL");
    await vi.waitFor(() => expect(lines).toContain("turn 2"), 10_000);
    expect(kept.pid).not.toBe(first);
  });

  it("fails when it ends three times before it was ready, with what it said in the log", async () => {
    const kept = await keep(`console.error("no such table"); process.exit(3);`);
    await expect(kept.ready).rejects.toThrow(ChildKeepsFailing);
    await vi.waitFor(() => {
      expect(lines.filter((line) => line === "no such table")).toHaveLength(3);
    });
  });

  it("may leave by itself when asked to, and is not started again", async () => {
    const kept = await keep(`process.on("SIGTERM", () => { console.log("bye"); process.exit(0); });
      ${living}`);
    await kept.ready;
    await kept.stop(10_000);
    await vi.waitFor(() => expect(lines).toContain("bye"));
    expect(isAlive(kept.pid)).toBe(false);
  });

  it("is killed when it does not leave in time", async () => {
    const kept = await keep(`process.on("SIGTERM", () => {}); ${living}`);
    await kept.ready;
    await kept.stop(50);
    expect(isAlive(kept.pid)).toBe(false);
  });

  it("is not started again when it is stopped between two starts", async () => {
    const kept = await keep(living);
    await kept.ready;
    if (kept.pid) process.kill(kept.pid, "SIGKILL");
    await vi.waitFor(() => expect(lines.join()).toContain("starting it again"));
    await kept.stop(1_000);
    expect(isAlive(kept.pid)).toBe(false);
  });
});

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
