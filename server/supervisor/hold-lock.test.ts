import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holdLock, LockHeld } from "./hold-lock.mjs";

const module = path.join(import.meta.dirname, "hold-lock.mjs");

describe("a lock", () => {
  let folder: string;
  let file: string;
  let children: ChildProcess[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "coppice-lock-"));
    file = path.join(folder, "lock");
    children = [];
  });

  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  /** Takes the lock in a process of its own, says so, and stays until it is killed. */
  async function holdElsewhere(): Promise<ChildProcess> {
    const script = `
      const { holdLock } = await import(${JSON.stringify(module)});
      try { holdLock(${JSON.stringify(file)}); console.log("held"); } catch (error) { console.log(error.name); }
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    children.push(child);
    return child;
  }

  it("is refused while its holder lives, naming it, and leaves nothing else behind", async () => {
    const holder = await holdElsewhere();
    expect(await firstLine(holder)).toBe("held");

    expect(() => holdLock(file)).toThrow(LockHeld);
    expect(() => holdLock(file)).toThrow(String(holder.pid));
    expect(await readdir(folder)).toEqual(["lock"]);
  });

  it("is taken over from a holder that was killed", async () => {
    const holder = await holdElsewhere();
    await firstLine(holder);
    holder.kill("SIGKILL");
    await once(holder, "exit");

    expect(holdLock(file).wasAbandoned).toBe(true);
    expect(JSON.parse(await readFile(file, "utf8")).pid).toBe(process.pid);
  });

  it("is taken over when the holder's pid is another process now", async () => {
    const holder = await holdElsewhere();
    await firstLine(holder);
    const content = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...content, startedAt: "1" }));

    expect(holdLock(file).wasAbandoned).toBe(true);
  });

  it("is free again after its release, and only its holder can release it", () => {
    const first = holdLock(file);
    first.release();
    const second = holdLock(file);
    expect(second.wasAbandoned).toBe(false);
    second.release();
  });

  it("goes to one of many that take it over at once", async () => {
    const dead = await holdElsewhere();
    await firstLine(dead);
    dead.kill("SIGKILL");
    await once(dead, "exit");

    const rivals = await Promise.all(Array.from({ length: 6 }, holdElsewhere));
    const answers = await Promise.all(rivals.map(firstLine));
    expect(answers.filter((answer) => answer === "held")).toHaveLength(1);
  });
});

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("The child has no stdout.");
  const [chunk] = await once(child.stdout, "data");
  return String(chunk).trim();
}
