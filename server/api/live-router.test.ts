import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { insertRun } from "@/db/testing-rows";
import { revokeToken } from "@/server/auth/revoke-token";
import { SignInNeeded } from "@/server/domain/errors";
import type { RunId } from "@/server/domain/ids";
import { appendEvent } from "@/server/runs/append-event";
import { processEventBus } from "@/server/runs/process-event-bus";
import { answerTrpc } from "./answer-trpc";
import { createContext } from "./context";
import { watchSignIn } from "./live/watch-sign-in";
import { requireRole } from "./require-role";
import { shutdown } from "./shutdown";
import { makeRequest, makeTestToken, openTestDoor, type TestDoor, testSystem } from "./testing";

let opened: TestDoor;
let runId: RunId;
beforeAll(async () => {
  opened = await openTestDoor();
  vi.stubEnv("DATABASE_URL", opened.database.url);
  runId = (await insertRun(opened.database.db, { status: "running" })).run.id;
});
afterAll(async () => {
  await processEventBus(opened.database.db).close();
  vi.unstubAllEnvs();
  await opened.database.drop();
});

const soon = <T>(check: () => T) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

function append() {
  const event = { runId, kind: "notice", actor: "system:test", data: {}, now: new Date() } as const;
  return opened.database.db.transaction((tx) => appendEvent(tx, event));
}

async function open(headers: Record<string, string>, query = "") {
  const leaving = new AbortController();
  const request = makeRequest(`/api/trpc/live.stream${query}`, { headers });
  const asked = new Request(request, { signal: leaving.signal });
  const response = await answerTrpc(opened.door, asked);
  let text = "";
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
    }
  })();
  reading.catch(() => {});
  return { response, text: () => text, reading, leave: () => leaving.abort() };
}

const withToken = (token: string) => ({ authorization: `Bearer ${token}` });

test("streams wake-ups with the ids by which a browser resumes", async () => {
  const missed = await append();
  const input = encodeURIComponent(JSON.stringify({ json: { lastEventId: missed - 1 } }));
  const stream = await open(withToken(opened.tokens.viewer), `?input=${input}`);
  expect(stream.response.headers.get("content-type")).toBe("text/event-stream");
  expect(stream.response.headers.get("cache-control")).toContain("no-transform");
  await soon(() => expect(stream.text()).toContain(`id: ${missed}`));
  const later = await append();
  await soon(() => expect(stream.text()).toContain(`id: ${later}`));
  expect(stream.text()).toContain(`"runId":"${runId}"`);
  stream.leave();
  await stream.reading;
  await soon(() => expect(processEventBus(opened.database.db).listeners()).toBe(0));
});

test("resumes where the browser's own Last-Event-ID says", async () => {
  const ids = [await append(), await append(), await append()];
  const stream = await open({
    ...withToken(opened.tokens.viewer),
    "last-event-id": String(ids[0]),
  });
  await soon(() => expect(stream.text()).toContain(`id: ${ids[2]}`));
  expect(stream.text()).toContain(`"id":${ids[1]}`);
  expect(stream.text()).not.toContain(`"id":${ids[0]},`);
  stream.leave();
  await stream.reading;
});

test.each([
  ["nobody", {}, "sign_in_needed"],
  ["a wrong token", withToken("cop_no"), "sign_in_needed"],
  ["another site", { origin: "https://evil.example" }, "not_allowed"],
  ["another site's page", { "sec-fetch-site": "cross-site" }, "not_allowed"],
  ["another host", { host: "evil.example" }, "not_allowed"],
])("opens no stream for %s", async (_who, headers, code) => {
  const stream = await open(headers);
  await stream.reading;
  expect(stream.text()).toContain(`"code":"${code}"`);
  expect(stream.text()).not.toContain(runId);
});

test("ends a stream once its token is revoked, and not while nothing can be looked up", async () => {
  const token = await makeTestToken(opened.door, "viewer");
  const request = makeRequest("/api/trpc/live.stream", { token });
  const context = await createContext(opened.door, request);
  const actor = await requireRole(context, "viewer", "live.stream");
  const isAway = { value: true };
  const looks = vi.fn();
  const db = new Proxy(opened.door.db, {
    get(target, name) {
      if (name === "select") looks();
      if (name === "select" && isAway.value) throw new Error("the database is away");
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const quiet = vi.spyOn(console, "error").mockReturnValue();
  const watch = watchSignIn({ ...context, actor, door: { ...opened.door, db } }, 0.01);
  await soon(() => expect(looks.mock.calls.length).toBeGreaterThan(3));
  expect(watch.signal.aborted).toBe(false);
  isAway.value = false;
  const looked = looks.mock.calls.length;
  await soon(() => expect(looks.mock.calls.length).toBeGreaterThan(looked + 3));
  expect(watch.signal.aborted).toBe(false);
  if (actor.kind !== "token") throw new Error("not a token");
  await revokeToken({ db: opened.door.db, actor: testSystem, now: new Date() }, { id: actor.id });
  await soon(() => expect(watch.signal.reason).toBeInstanceOf(SignInNeeded));
  watch.stop();
  quiet.mockRestore();
});

// Last: it ends the streams of this process for good.
test("leaves without a word when the process is asked to, so that browsers come back", async () => {
  const stream = await open(withToken(opened.tokens.viewer));
  await soon(() => expect(stream.text()).toContain("event: connected"));
  await soon(() => expect(processEventBus(opened.database.db).listeners()).toBe(1));
  shutdown.abort();
  await stream.reading.catch(() => {});
  expect(stream.text()).not.toContain("event: return");
  expect(stream.text()).not.toContain("serialized-error");
});
