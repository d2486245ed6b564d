import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inspectOrigin } from "./inspect-origin";
import { isRefusedAddress } from "./refuse-private-address";
import { makeTestHome, removeTestHome, runGit, type TestHome } from "./testing";

let at: TestHome;
beforeEach(() => {
  at = makeTestHome();
});
afterEach(() => {
  vi.unstubAllEnvs();
  removeTestHome(at);
});

const inspect = (origin: string) => inspectOrigin({ home: at.home, origin });

test("tells the default branch, its head and all branches", async () => {
  runGit(at.origin, "branch", "feature");
  const facts = { defaultBranch: "main", headSha: at.base, branches: ["feature", "main"] };
  expect(await inspect(at.origin)).toEqual(facts);
  runGit(at.root, "clone", "-q", "--bare", at.origin, "bare.git");
  expect(await inspect(path.join(at.root, "bare.git"))).toEqual(facts);
  runGit(at.origin, "switch", "-q", "--detach");
  expect((await inspect(at.origin)).headSha).toBe(at.base);
});

test("says what is wrong with a local path", async () => {
  const folder = path.join(at.root, "plain");
  mkdirSync(folder);
  runGit(at.root, "init", "-q", "empty");
  const inside = path.join(at.home, "inside");
  runGit(at.root, "clone", "-q", at.origin, inside);
  writeFileSync(path.join(at.root, "file"), "");
  for (const [origin, reason] of [
    [path.join(at.root, "nowhere"), "missing"],
    [folder, "not_a_repository"],
    [path.join(at.origin, "src"), "not_a_repository"],
    [path.join(at.root, "file"), "not_a_repository"],
    [path.join(at.root, "empty"), "empty"],
    [inside, "inside_home"],
  ] as const) {
    await expect(inspect(origin)).rejects.toMatchObject({ reason, hint: expect.any(String) });
  }
});

test("refuses this host and the local link before any connection is made", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  let connections = 0;
  server.on("connection", (socket) => {
    connections += 1;
    socket.destroy();
  });
  const { port } = server.address() as { port: number };
  for (const host of ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]"]) {
    await expect(inspect(`https://${host}:${port}/x.git`)).rejects.toThrow(/does not fetch from/);
  }
  await expect(inspect(`git@127.0.0.1:x.git`)).rejects.toThrow(/does not fetch from/);
  expect(connections).toBe(0);
  vi.stubEnv("COPPICE_ALLOW_PRIVATE_ORIGINS", "1");
  await expect(inspect(`https://127.0.0.1:${port}/x.git`)).rejects.toMatchObject({
    code: "unprocessable",
  });
  expect(connections).toBeGreaterThan(0);
  server.close();
});

test("knows the addresses that clouds and this host answer on, in every spelling", () => {
  const wrong = ["169.254.169.254", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "0.0.0.0"];
  const more = ["127.9.9.9", "fe80::1", "fd00:ec2::254", "64:ff9b::7f00:1", "::", "224.0.0.1"];
  for (const address of [...wrong, ...more]) expect(isRefusedAddress(address), address).toBe(true);
  for (const address of ["10.0.0.5", "192.168.1.1", "140.82.121.4", "2606:50c0:8000::154"]) {
    expect(isRefusedAddress(address), address).toBe(false);
  }
});

test("says that nothing answers, or that the host is unknown", async () => {
  vi.stubEnv("COPPICE_ALLOW_PRIVATE_ORIGINS", "1");
  await expect(inspect("https://127.0.0.1:1/x.git")).rejects.toMatchObject({
    reason: "no_answer",
  });
  await expect(inspect("https://no-such-host.invalid/x.git")).rejects.toMatchObject({
    reason: "unknown_host",
  });
});
