import { afterEach, expect, test } from "vitest";
import type { RunEvidence } from "@/server/domain/evidence";
import type { RunStatus } from "@/server/domain/run-status";
import type { RunView } from "@/server/domain/run-view";
import type { Json } from "./open-rest-client";
import { type Answer, callCli, serve, stop } from "./testing";

const running: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of running.splice(0)) await close();
});

async function serveHere(answer: Answer, port?: number) {
  const served = await serve(answer, port);
  let isOpen = true;
  const close = async () => {
    if (isOpen) await stop(served.server);
    isOpen = false;
  };
  running.push({ close });
  return { url: served.url, port: Number(new URL(served.url).port), close };
}

const runId = "11111111-1111-4111-8111-111111111111";

function runView(status: RunStatus, given: Partial<Json<RunView>> = {}): Json<RunView> {
  const ended = ["succeeded", "failed", "cancelled"].includes(status);
  return {
    ...{ id: runId, number: 7, status, statusSince: "2026-01-01T00:00:00.000Z" },
    ...{ waitReason: null, availableAt: null, verdict: null },
    endReason: status === "succeeded" ? "completed" : status === "failed" ? "command_failed" : null,
    workflow: { name: "script", version: 1 },
    repository: { name: "sample" },
    ...{ sessionId: "s", agent: "shell", agentSessionId: "a" },
    workspace: {
      ...{ id: "w", path: "/w", branch: "b", baseCommit: "c", headCommit: null },
      ...{ state: "ready", kind: "temporary" },
    },
    ...{ attempt: 1, attemptId: "t", worker: null, pid: null, isolation: null, isSandboxed: null },
    ...{ message: "m", result: null, error: null },
    ...{ commits: null, filesChanged: null, additions: null, deletions: null },
    usage: {
      inputTokens: null,
      outputTokens: null,
      cachedTokens: null,
      costUsd: null,
      turns: null,
    },
    limits: {
      ...{ maxTurns: null, timeoutSeconds: null, maxCostUsd: null },
      ...{ maxTokens: null, stallSeconds: null, maxOutputBytes: null },
    },
    ...{ outputBytes: 0, transcriptEntries: 0, commands: 0, rerunOf: null, createdBy: "token:ci" },
    ...{ createdAt: "2026-01-01T00:00:00.000Z", startedAt: null },
    ...{ endedAt: ended ? "2026-01-01T00:00:09.000Z" : null, cancelAskedAt: null },
    ...{ availableActions: [] },
    ...given,
  };
}

/** Answers like a web whose run stands as `view` says and has printed `output`. */
function answerRun(view: () => Json<RunView>, output = () => ""): Answer {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.endsWith("/events")) {
      const items = Number(searchParams.get("after")) < 1 ? [firstEvent] : [];
      return Response.json({ items, nextCursor: null });
    }
    if (pathname.endsWith("/evidence")) return Response.json(evidence);
    if (pathname.endsWith("/output")) {
      return new Response(Buffer.from(output()).subarray(Number(searchParams.get("from"))));
    }
    return Response.json(view());
  };
}
const evidence: Json<RunEvidence> = {
  ...{ asOf: "2026-01-01T10:20:40.000Z", agreement: "stale", sentence: "Worker reconnecting." },
  ...{ status: "running", statusSince: "2026-01-01T10:20:30.000Z", endReason: null, attempt: 1 },
  moved: {
    ...{ actor: "worker:one", at: "2026-01-01T10:20:30.000Z", seq: 3, from: "preparing" },
    ...{ to: "running", reason: null, text: null },
  },
  ...{ fence: 1, processes: null, output: { storedBytes: 0, hasTerminalEvent: false } },
  worker: { name: "one", host: "h", state: "stalled", heartbeatAt: "2026-01-01T10:20:10.000Z" },
  ...{ exit: null, isolation: null, job: null, wait: null, cancel: null, notProvedDead: [] },
};
const firstEvent = {
  ...{ id: 1, seq: 1, kind: "status_changed", at: "2026-01-01T10:20:30.000Z", actor: "x" },
  data: { to: "running" },
};

test("starts a run with all that was given and prints it", async () => {
  let sent: unknown;
  let sentHeaders = new Headers();
  const { url } = await serveHere(async (request) => {
    sent = await request.json();
    sentHeaders = request.headers;
    return Response.json(runView("queued"));
  });
  const args = ["run", "script", "--repo", "sample", "-m", "-", "--max-turns", "5", "--timeout"];
  const more = ["60", "--max-cost", "1.5", "--branch", "b", "--base", "main", "--json"];
  const call = await callCli(
    [...args, ...more, "--idempotency-key", "k", "--workspace", "persistent"],
    {
      url,
      token: "cop_secret",
      readInput: async () => "from standard input\n",
    },
  );
  expect(call).toMatchObject({ exitCode: 0, complaints: "" });
  expect(JSON.parse(call.out)).toMatchObject({ id: runId, number: 7 });
  expect(sentHeaders.get("authorization")).toBe("Bearer cop_secret");
  expect(sent).toEqual({
    workflow: "script",
    repository: "sample",
    message: "from standard input",
    workspace: "persistent",
    branch: "b",
    baseRef: "main",
    maxTurns: 5,
    timeoutSeconds: 60,
    maxCostUsd: 1.5,
    idempotencyKey: "k",
  });
});

test("ends with 64 and says what is wrong when it is called wrongly", async () => {
  const wrong: [string[], RegExp][] = [
    [["dance"], /There is no command “dance”/],
    [["run", "--repo", "r", "-m", "m"], /argument is missing/],
    [["run", "w", "-m", "m"], /--repo/],
    [["run", "w", "--repo", "r"], /-m “<message>”/],
    [["run", "w", "--repo", "r", "-m", "m", "--max-turns", "many"], /--max-turns takes a number/],
    [["run", "w", "--repo", "r", "-m", "m", "--workspace", "moon"], /temporary or persistent/],
    [["run", "w", "extra", "--repo", "r", "-m", "m"], /“extra” is one argument too many/],
    [["list", "--status", "asleep"], /“asleep” is no status/],
    [["list", "--colour"], /--colour/],
    [["repo"], /repo add or repo list/],
    [["workflow", "burn"], /no “workflow burn”/],
    [["doctor", "--mend"], /--mend/],
    [["doctor", "--fix", "--json"], /needs --yes/],
  ];
  for (const [args, message] of wrong) {
    const call = await callCli(args, { url: "http://127.0.0.1:1" });
    expect(call.exitCode, args.join(" ")).toBe(64);
    expect(call.complaints).toMatch(message);
    expect(call.complaints).toMatch(/See “coppice help/);
    expect(call.out).toBe("");
  }
});

test("shows help and version without asking anybody", async () => {
  const help = await callCli(["help"]);
  expect(help.exitCode).toBe(0);
  expect(help.out).toContain("coppice <command>");
  expect((await callCli([])).exitCode).toBe(64);
  expect((await callCli(["help", "run"])).out).toContain("--idempotency-key");
  expect((await callCli(["output", "--help"])).out).toContain("--follow");
  expect((await callCli(["--version"])).out).toMatch(/^coppice \d+\.\d+\.\d+\n$/);
});

test("says how to start Coppice when nobody answers", async () => {
  const { url, close } = await serveHere(() => new Response(""));
  await close();
  const call = await callCli(["list"], { url });
  expect(call.exitCode).toBe(1);
  expect(call.complaints).toContain(`Coppice does not answer at ${url}.`);
  expect(call.complaints).toContain("npm start");
});

test("shows the server's message, fields and hint, and ends with 1", async () => {
  const error = {
    code: "bad_input",
    message: "No.",
    hint: "Try this.",
    fields: { branch: "Odd." },
  };
  const { url } = await serveHere(() => Response.json({ error }, { status: 400 }));
  const call = await callCli(["cancel", "#7"], { url });
  expect(call).toEqual({
    exitCode: 1,
    out: "",
    complaints: "coppice: No.\n  branch: Odd.\nTry this.",
  });
});

test("says how to get a token when there is none, and what answers when it is not Coppice", async () => {
  const refused = { error: { code: "sign_in_needed", message: "You are not signed in." } };
  const door = await serveHere(() => Response.json(refused, { status: 401 }));
  expect((await callCli(["list"], { url: door.url })).complaints).toContain("COPPICE_TOKEN");
  const other = await serveHere(() => new Response("<html>", { status: 200 }));
  expect((await callCli(["list"], { url: other.url })).complaints).toContain("is not Coppice");
});

test("follows a run to its end and exits with what became of it", async () => {
  const ends: [RunStatus, number][] = [
    ["succeeded", 0],
    ["failed", 2],
    ["cancelled", 3],
  ];
  for (const [status, exitCode] of ends) {
    let looks = 0;
    const output = () => "line one\nline two\n".slice(0, looks * 6);
    const view = () => {
      looks += 1;
      return runView(looks > 4 ? status : "running", { outputBytes: output().length });
    };
    const { url } = await serveHere(answerRun(view, output));
    const call = await callCli(["run", "script", "--repo", "r", "-m", "m", "--follow"], { url });
    expect(call.exitCode).toBe(exitCode);
    expect(call.out.match(/\[10:20:30\] running/g)).toHaveLength(1);
    expect(call.out).toContain("line one\nline two\n");
    expect(call.out).toContain(`${url}/runs/${runId}`);
    expect(call.out).toContain(status);
  }
});

test("prints only the ended run when it follows as JSON", async () => {
  let looks = 0;
  const view = () => runView(++looks > 3 ? "failed" : "running", { outputBytes: 3 });
  const { url } = await serveHere(answerRun(view, () => "abc"));
  const args = ["run", "script", "--repo", "r", "-m", "m", "--follow", "--json"];
  const call = await callCli(args, { url });
  expect(call.exitCode).toBe(2);
  expect(JSON.parse(call.out).status).toBe("failed");
});

test("loses and repeats nothing when the web restarts while it follows", async () => {
  const text = Array.from({ length: 50 }, (_, line) => `line ${line}\n`).join("");
  let isEnded = false;
  const view = () => runView(isEnded ? "succeeded" : "running", { outputBytes: text.length });
  const half = Math.floor(text.length / 2);
  // The first web breaks off in the middle of the output, dies, and comes back on the same port.
  const first = await serveHere(async (request) => {
    if (!request.url.includes("/output")) return answerRun(view)(request);
    return new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(Buffer.from(text.slice(0, half))),
      }),
    );
  });
  let seen = "";
  const call = callCli(["output", runId, "--follow"], {
    url: first.url,
    onWrite: async (part) => {
      seen += part;
      if (seen.length !== half) return;
      await first.close();
      isEnded = true;
      await serveHere(
        answerRun(view, () => text),
        first.port,
      );
    },
  });
  expect(await call).toMatchObject({ exitCode: 0, out: text });
  expect((await call).complaints).toMatch(/Trying again/);
});

test("gives up following at once when the run is not there", async () => {
  const error = { code: "not_found", message: "There is no run." };
  const { url } = await serveHere((request) =>
    request.method === "POST"
      ? Response.json(runView("queued"))
      : Response.json({ error }, { status: 404 }),
  );
  const call = await callCli(["run", "w", "--repo", "r", "-m", "m", "--follow"], { url });
  expect(call).toMatchObject({ exitCode: 1, complaints: "coppice: There is no run." });
});

test("keeps an agent's control characters away from the terminal", async () => {
  const view = runView("failed", {
    message: "a\u001b[2Jb",
    error: "red\u001b]0;x\u0007\nline two",
  });
  const { url } = await serveHere(answerRun(() => view));
  const { out } = await callCli(["show", runId], { url });
  expect(out).not.toContain("\u001b");
  expect(out).toContain("line two");
  expect(out).toMatch(/evidence +stale\n +Worker reconnecting\./);
  expect(out).toMatch(/beat +one is stalled \(30 s ago\)/);
});
