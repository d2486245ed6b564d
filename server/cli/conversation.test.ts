import { afterEach, expect, test } from "vitest";
import { callCli, serve } from "./testing";

const id = "11111111-1111-4111-8111-111111111111";
const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const question = (name: string, state: string) => {
  return { id: name, state, tool: "Bash", input: { command: "make" }, reason: null };
};

/** A web that knows run #7 with these questions, and remembers what it was sent. */
async function serveRun(questions: object[]) {
  const sent: { path: string; body: unknown }[] = [];
  const { url, server } = await serve(async (request) => {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    if (request.method === "POST") {
      sent.push({ path, body: await request.json() });
      return Response.json({ id: "m", state: "denied", tool: "Bash" });
    }
    if (path.endsWith("/conversation")) return Response.json({ messages: [], questions });
    return Response.json({ id, number: 7 });
  });
  servers.push(server);
  return { url, sent };
}

test("steers, interrupts and answers a run", async () => {
  const { url, sent } = await serveRun([question("q1", "moot"), question("q2", "open")]);
  const steered = await callCli(["steer", "#7", "-m", "Use tabs."], { url });
  expect(steered).toMatchObject({ exitCode: 0, out: expect.stringContaining("run #7") });
  expect((await callCli(["interrupt", "7"], { url })).exitCode).toBe(0);
  const denied = await callCli(["answer", "7", "deny", "-m", "Not now."], { url });
  expect(denied.out).toBe("“Bash” of run #7 is denied.\n");
  await callCli(["answer", "7", "allow", "--in-session"], { url });
  expect(sent).toEqual([
    { path: `/runs/${id}/messages`, body: { text: "Use tabs." } },
    { path: `/runs/${id}/interrupt`, body: {} },
    { path: "/questions/q2/answer", body: { decision: "deny", text: "Not now." } },
    { path: "/questions/q2/answer", body: { decision: "allow_in_session" } },
  ]);
  const asked = await callCli(["answer", "7"], { url });
  expect(asked.out).toBe('q2  Bash {"command":"make"}\n');
});

test("answers nothing that is not clear", async () => {
  const { url, sent } = await serveRun([question("q1", "open"), question("q2", "open")]);
  const unclear = await callCli(["answer", "7", "allow"], { url });
  expect(unclear).toMatchObject({
    exitCode: 64,
    complaints: expect.stringContaining("--question"),
  });
  const odd = await callCli(["answer", "7", "perhaps", "--question", "q1"], { url });
  expect(odd).toMatchObject({ exitCode: 64 });
  expect((await callCli(["steer", "7"], { url })).exitCode).toBe(64);
  expect(sent).toEqual([]);
  await callCli(["answer", "7", "allow", "--question", "q2"], { url });
  expect(sent).toMatchObject([{ path: "/questions/q2/answer" }]);
});
