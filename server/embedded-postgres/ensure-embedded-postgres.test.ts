import { type ChildProcess, spawn } from "node:child_process";
import { chown, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseAccount } from "./choose-account";
import { type EmbeddedPostgres, ensureEmbeddedPostgres } from "./ensure-embedded-postgres";
import { pidFileOf } from "./inspect-postmaster";

describe("the embedded PostgreSQL", () => {
  let home: string;
  let servers: EmbeddedPostgres[];
  let children: ChildProcess[];

  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), "coppice-embedded-"));
    servers = [];
    children = [];
  });

  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    await servers.at(-1)?.stop();
    await rm(home, { recursive: true, force: true });
  });

  async function ensure(at = home, isDurable = false): Promise<EmbeddedPostgres> {
    const server = await ensureEmbeddedPostgres({ home: at, isDurable, log: () => {} });
    servers.push(server);
    return server;
  }

  it("sets itself up in an empty home that was closed to other accounts", async () => {
    const server = await ensure();

    expect(server.isAdopted).toBe(false);
    expect(server.isAlive()).toBe(true);
    expect(await ask(server.url, "select current_database() as answer")).toBe("coppice");
    expect(await ask(server.url, "select version() as answer")).toMatch(/^PostgreSQL 18/);
    expect((await stat(path.join(home, "postgres", "password"))).mode & 0o077).toBe(0);
  });

  it("keeps its data and its port over a stop and a start", async () => {
    const first = await ensure();
    await ask(first.url, "create table kept as select 7 as answer");
    await first.stop();
    expect(first.isAlive()).toBe(false);

    const second = await ensure();
    expect(second.url).toBe(first.url);
    expect(second.pid).not.toBe(first.pid);
    expect(await ask(second.url, "select answer from kept")).toBe(7);
  });

  it("takes over a server that runs already", async () => {
    const first = await ensure();
    const second = await ensure();

    expect(second).toMatchObject({ isAdopted: true, pid: first.pid, url: first.url });
  });

  it("takes over its server when the home is reached through a symbolic link", async () => {
    const link = `${home}-link`;
    await symlink(home, link);
    try {
      const first = await ensure(link);
      expect((await ensure(link)).pid).toBe(first.pid);
      expect((await ensure(home)).pid).toBe(first.pid);
    } finally {
      await rm(link);
    }
  });

  it("comes back on the same port with every committed row after a kill -9", async () => {
    const first = await ensure(home, true);
    await ask(first.url, "create table kept as select 7 as answer");
    process.kill(first.pid, "SIGKILL");
    await until(() => !first.isAlive());

    const second = await ensure(home, true);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, "select answer from kept")).toBe(7);
  });

  it("starts although postmaster.pid names a process that got the pid since", async () => {
    const first = await ensure();
    const pidFile = pidFileOf(path.join(home, "postgres", "data"));
    const content = await readFile(pidFile, "utf8");
    await first.stop();
    const stranger = spawnStranger();
    await writeFile(pidFile, content.replace(/^\d+/, String(stranger.pid)));
    await giveToServerAccount(pidFile);

    const second = await ensure();
    expect(await ask(second.url, "select 1 as answer")).toBe(1);
    expect(stranger.exitCode).toBeNull();
  });

  it("is one server when three launchers start it at once", async () => {
    const launched = await Promise.all([ensure(), ensure(), ensure()]);

    expect(new Set(launched.map((server) => server.pid)).size).toBe(1);
    expect(new Set(launched.map((server) => server.url)).size).toBe(1);
    expect(await ask(launched[0].url, "select 1 as answer")).toBe(1);
  });

  it("fails at once, and says which file, when the password is wrong", async () => {
    await ensure();
    const passwordFile = path.join(await realpath(home), "postgres", "password");
    await writeFile(passwordFile, "not the password");

    const start = performance.now();
    await expect(ensure()).rejects.toThrow(passwordFile);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it("says what the server's log says when it does not start", async () => {
    const first = await ensure();
    await first.stop();
    await writeFile(path.join(home, "postgres", "data", "postgresql.conf"), "nonsense = 1\n");

    await expect(ensure()).rejects.toThrow(/nonsense/);
  });

  it("does not touch data that another PostgreSQL version wrote", async () => {
    const first = await ensure();
    await first.stop();
    await writeFile(path.join(home, "postgres", "data", "PG_VERSION"), "17\n");

    await expect(ensure()).rejects.toThrow(/PostgreSQL 17/);
    await writeFile(path.join(home, "postgres", "data", "PG_VERSION"), "18\n");
  });

  function spawnStranger(): ChildProcess {
    const account = chooseAccount();
    const child = spawn("sleep", ["600"], {
      cwd: path.parse(home).root,
      stdio: "ignore",
      ...(account && { uid: account.uid, gid: account.gid }),
    });
    children.push(child);
    return child;
  }
});

async function giveToServerAccount(file: string) {
  const account = chooseAccount();
  if (account) await chown(file, account.uid, account.gid);
}

async function ask(url: string, query: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(query);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

async function until(isTrue: () => boolean) {
  while (!isTrue()) await delay(20);
}
