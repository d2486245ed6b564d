import { readFileSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { buildProject, findFreePort, removeFolder, StartedSupervisor } from "./testing";

const token = "a-set-up-token-of-this-test-0123456789";
const waiting = { timeout: 20_000, interval: 50 };

describe("the supervisor", { timeout: 60_000 }, () => {
  let project: string;
  let home: string;
  let port: number;
  let agents: number[];
  let started: StartedSupervisor[];

  beforeAll(async () => {
    project = await buildProject();
  });

  afterAll(() => removeFolder(project));

  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), "coppice-supervised-"));
    port = await findFreePort();
    agents = [];
    started = [];
  });

  afterEach(async () => {
    for (const supervisor of started) supervisor.kill("SIGTERM");
    await Promise.all(started.map((supervisor) => supervisor.ended));
    for (const pid of agents) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    const postmaster = await readPostmaster();
    if (postmaster !== null && isAlive(postmaster)) process.kill(postmaster, "SIGQUIT");
    await vi.waitFor(() => expect(postmaster !== null && isAlive(postmaster)).toBe(false), waiting);
    await removeFolder(home);
  });

  function start(environment: Record<string, string> = {}): StartedSupervisor {
    const own = { COPPICE_HOME: home, PORT: String(port), COPPICE_SETUP_TOKEN: token };
    const supervisor = new StartedSupervisor(project, { ...own, ...environment });
    started.push(supervisor);
    return supervisor;
  }

  async function startUntilReady() {
    const supervisor = start();
    await supervisor.line(/^Coppice is ready: /);
    const workerPid = Number((await supervisor.line(/worker pid (\d+)/))[1]);
    const agentPid = Number((await supervisor.line(/agent pid (\d+)/))[1]);
    agents.push(agentPid);
    return { supervisor, workerPid, agentPid, web: await askWeb() };
  }

  async function askWeb() {
    const response = await fetch(`http://127.0.0.1:${port}/api/health`);
    return (await response.json()) as {
      pid: number;
      argv: string[];
      environment: Record<string, string>;
    };
  }

  async function readPostmaster(): Promise<number | null> {
    try {
      const file = path.join(home, "postgres", "data", "postmaster.pid");
      return Number((await readFile(file, "utf8")).split("\n")[0]);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
  }

  it("says where Coppice is once web and worker are ready, and keeps secrets off the command line", async () => {
    const { supervisor, web } = await startUntilReady();

    expect(supervisor.lines).toContain(`Coppice is ready: http://127.0.0.1:${port}`);
    await supervisor.line(/^Set up the first account: http:.*token=/);
    expect(web.environment.DATABASE_URL).toMatch(/^postgres:\/\/coppice:/);
    expect(web.environment.COPPICE_HOME).toBe(home);
    expect(web.environment.COPPICE_SETUP_TOKEN).toBeUndefined();
    expect(web.argv.join(" ")).not.toContain("postgres");
  });

  it("stops web, worker and database within five seconds, and lets agents go on", async () => {
    const { supervisor, workerPid, agentPid, web } = await startUntilReady();
    const postmaster = Number(await readPostmaster());

    const start = performance.now();
    supervisor.kill("SIGTERM");
    expect(await supervisor.ended).toBe(0);

    expect(performance.now() - start).toBeLessThan(5_000);
    for (const pid of [web.pid, workerPid, postmaster]) expect(isAlive(pid)).toBe(false);
    expect(isAlive(agentPid)).toBe(true);
  });

  it("is one per home, and says which process the other one is", async () => {
    await startUntilReady();
    const second = start({ PORT: String(await findFreePort()) });

    expect(await second.ended).toBe(1);
    expect(second.lines.join("\n")).toMatch(/runs already on .* \(process \d+\)/);
    expect((await askWeb()).pid).toBeGreaterThan(0);
  });

  it("leaves nothing in the way when it is killed: the next start takes the database over", async () => {
    const first = await startUntilReady();
    const postmaster = await readPostmaster();
    first.supervisor.kill("SIGKILL");

    const second = await startUntilReady();
    expect(await readPostmaster()).toBe(postmaster);
    expect(second.web.environment.DATABASE_URL).toBe(first.web.environment.DATABASE_URL);
    await vi.waitFor(() => expect(isAlive(first.workerPid)).toBe(false), waiting);
    expect(isAlive(first.agentPid)).toBe(true);
  });

  it("brings the database back where it was after a kill -9", async () => {
    const { supervisor } = await startUntilReady();
    const postmaster = Number(await readPostmaster());
    process.kill(postmaster, "SIGKILL");

    await supervisor.line(/PostgreSQL is back on port/);
    expect(await readPostmaster()).not.toBe(postmaster);
  });

  it("starts the web again when it dies", async () => {
    const { web } = await startUntilReady();
    process.kill(web.pid, "SIGKILL");

    await vi.waitFor(async () => expect((await askWeb()).pid).not.toBe(web.pid), waiting);
  });

  it("refuses a taken port before it starts anything", async () => {
    const { supervisor } = await startUntilReady();
    const rival = path.join(home, "rival");
    const second = start({ COPPICE_HOME: rival });

    expect(await second.ended).toBe(1);
    expect(second.lines.join("\n")).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(second.lines.join("\n")).not.toContain("PostgreSQL");
    expect(supervisor.lines.join("\n")).not.toContain("ended");
  });
});

/** A zombie that nobody has waited for yet is dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
  if (process.platform !== "linux") return true;
  return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}
