import type { Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workers } from "@/db/schema";
import { insertWorker } from "@/db/testing-rows";
import { probeAgents } from "@/server/agents/find-agent";
import { answerHealth } from "@/server/api/rest/answer-health";
import { answerRest } from "@/server/api/rest/answer-rest";
import { openTestDoor, type TestDoor } from "@/server/api/testing";
import { callCli, serve, stop } from "./testing";

let web: TestDoor;
let server: Server;
let url: string;
beforeAll(async () => {
  web = await openTestDoor();
  ({ server, url } = await serve((request) => {
    const address = new URL(request.url).pathname.slice("/api/v1".length);
    return address === "/health"
      ? answerHealth(async () => web.door)
      : answerRest(web.door, request, address);
  }));
});
afterAll(async () => {
  await stop(server);
  await web.database.drop();
});

const call = (...args: string[]) => callCli(args, { url, token: web.tokens.viewer });

test("lists agents with what to type, and so does the doctor", async () => {
  expect((await call("agents")).out).toContain("No worker has been seen yet");
  await insertWorker(web.database.db, { name: "build-1" });
  const environment = {
    PATH: "/usr/bin:/bin",
    HOME: "/nonexistent",
  } as unknown as NodeJS.ProcessEnv;
  await web.database.db.update(workers).set({
    facts: {
      ...{ version: "1", isolation: "none", isolationWhy: "bubblewrap is not installed." },
      agents: await probeAgents({ environment }),
    },
  });
  const { out } = await call("agents");
  expect(out).toMatch(/^WORKER +AGENT +VERSION +SIGN-IN +SANDBOX +PROGRAM/);
  expect(out).toMatch(/build-1 +Gemini CLI +missing +not signed in +none +“gemini” was not found/);
  expect(out).toMatch(/\nbuild-1: Run “npm install -g @google\/gemini-cli” on the worker's host/);
  expect(out).toMatch(/\nbuild-1: bubblewrap is not installed. “sudo apt-get install bubblewrap”/);
  const { items } = JSON.parse((await call("agents", "--json")).out);
  expect(items).toHaveLength(5);
  const examined = await call("doctor");
  expect(examined.out).toContain("agent: opencode  “opencode” was not found");
  expect(examined.out).toContain("npm install -g opencode-ai");
});
