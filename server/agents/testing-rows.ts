import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import type { TranscriptEntry } from "@/server/domain/transcript";
import type { Conclusion } from "./driver";
import { endAgent, findMarked } from "./end-agent";
import { readControl } from "./read-control";
import type { TrialAttempt } from "./testing";
import { type Column, type Row, rows } from "./testing-columns";
import type { TrialRun } from "./testing-drive";
import {
  makeRealAttempt,
  nextAttempt,
  type RealTrial,
  requireProgram,
  runReal,
} from "./testing-real";

type Model = Awaited<ReturnType<typeof startModelServer>>;
type Start = (attempt: TrialAttempt, trial: Omit<RealTrial, "modelUrl">) => Promise<TrialRun>;

/** What a row's test is given. */
interface Place {
  column: Column;
  start: Start;
  makeAttempt(): TrialAttempt;
  /** The requests to the model with these words in them. */
  requestsOf(words: string): Model["requests"];
  /** One run that writes a file and commits it: several rows look at it. */
  first: () => Promise<FirstRun>;
}

interface FirstRun {
  attempt: TrialAttempt;
  run: TrialRun;
  conclusion: Conclusion;
  entries: TranscriptEntry[];
}

/** One column of the table: the real program, driven as the worker does it, against the scripted model. */
export function testColumn(column: Column, howToInstall: string): void {
  let model: Model;
  const attempts: TrialAttempt[] = [];
  let first: Promise<FirstRun> | undefined;
  const makeAttempt = () => {
    const attempt = makeRealAttempt();
    attempts.push(attempt);
    return attempt;
  };
  const start: Start = (attempt, trial) =>
    runReal(column.agent, attempt, { modelUrl: model.url, ...trial });
  const place: Place = {
    ...{ column, start, makeAttempt },
    requestsOf: (words) =>
      model.requests.filter(({ body }) => JSON.stringify(body ?? "").includes(words)),
    first: () => {
      first ??= runFirst(place);
      return first;
    },
  };
  describe(column.label, () => {
    beforeAll(async () => {
      requireProgram(column.agent, howToInstall);
      model = await startModelServer();
    });
    afterAll(async () => {
      await model?.close();
      for (const { home } of attempts) rmSync(home, { recursive: true, force: true });
    });
    for (const row of rows) {
      if (column.notOffered[row] === undefined) it(row, () => tests[row](place), 180_000);
    }
  });
}

const isShell = ({ agent }: Column) => agent.kind === "shell";

async function runFirst({ column, start, makeAttempt }: Place): Promise<FirstRun> {
  const attempt = makeAttempt();
  const commit = "rm -f nothing; git add -A && git commit -qm 'say hi'";
  const path = isCodex(column) ? "hello.txt" : join(attempt.workspace, "hello.txt");
  const prompt = isShell(column)
    ? `printf 'hi\\n' > hello.txt && ${commit} && echo all done`
    : script({ text: "Writing.", ...column.write(path, "hi") }, column.shell(commit), {
        text: "all done",
      });
  const context = isClaude(column) ? { context: { allowedTools: ["Bash", "Write"] } } : {};
  const run = await start(attempt, { prompt, ...context });
  return { attempt, run, ...(await run.ended) };
}

const isCodex = ({ agent }: Column) => agent.kind === "codex";
const isClaude = ({ agent }: Column) => agent.kind === "claude-code";

const resume = ({ nativeSessionId }: TrialRun) => ({ isResume: true, nativeSessionId });

const tests: Record<Row, (place: Place) => Promise<void>> = {
  start: async ({ column, first }) => {
    const { attempt, conclusion } = await first();
    expect(conclusion.usage).toMatchObject(column.usage);
    expect(conclusion).toMatchObject({ reason: "completed", error: null });
    expect(readFileSync(join(attempt.workspace, "hello.txt"), "utf8").trim()).toBe("hi");
    const log = execFileSync("git", ["log", "--format=%an %s"], { cwd: attempt.workspace });
    expect(log.toString()).toMatch(/^Coppice [\w ]+ say hi/);
  },

  ids: async ({ column, first, requestsOf }) => {
    const { run, attempt } = await first();
    const { nativeSessionId } = run;
    expect(nativeSessionId).toMatch(/^[\w-]{20,}$/);
    const said = readFileSync(join(attempt.control, "stdin"), "utf8");
    const spool = readFileSync(join(attempt.control, "output"), "utf8");
    if (!isShell(column)) {
      expect(said + spool).toContain(nativeSessionId);
      expect(requestsOf("You are tested.").length).toBeGreaterThan(0);
    }
    if (column.sessionHeader === null) return;
    const ids = requestsOf("all done").map(({ headers }) => headers[column.sessionHeader ?? ""]);
    expect(new Set(ids)).toEqual(new Set([nativeSessionId]));
  },

  "tool call": async ({ first }) => {
    const { entries, conclusion } = await first();
    expect(conclusion.result).toBe("all done");
    expect(entries.map(({ kind }) => kind)).toEqual([
      ...["message", "text", "tool_call", "tool_result", "tool_call", "tool_result"],
      ...["text", "result"],
    ]);
  },

  "resume in a recreated workspace": async ({ column, first, start, requestsOf }) => {
    const { attempt, run } = await first();
    rmSync(attempt.workspace, { recursive: true });
    mkdirSync(attempt.workspace);
    const again = await start(nextAttempt(attempt, "again"), {
      prompt: script(column.shell("pwd > here"), { text: "went on" }),
      context: resume(run),
    });
    const { conclusion } = await again.ended;
    expect(conclusion).toMatchObject({ reason: "completed", result: "went on" });
    expect(again.nativeSessionId).toBe(run.nativeSessionId);
    expect(readFileSync(join(attempt.workspace, "here"), "utf8").trim()).toBe(attempt.workspace);
    expect(JSON.stringify(requestsOf("went on")[0]?.body)).toContain("all done");
  },

  steer: async ({ column, start, makeAttempt }) => {
    const attempt = makeAttempt();
    const [started, gate] = [join(attempt.workspace, "started"), join(attempt.workspace, "gate")];
    const wait = `touch ${started}; while [ ! -e ${gate} ]; do sleep 0.02; done`;
    const run = await start(attempt, { prompt: script(column.shell(wait), { text: "first" }) });
    await run.until(() => existsSync(started));
    run.receive({ kind: "message", id: "m1", text: script({ text: "second" }) });
    await run.until(() => run.receipts.length > 0);
    writeFileSync(gate, "");
    const { conclusion, receipts } = await run.ended;
    expect(conclusion).toMatchObject({ reason: "completed", result: "second" });
    expect(receipts.map(({ state }) => state)).toEqual(["queued", "read", "done"]);
  },

  interrupt: async ({ column, start, makeAttempt }) => {
    const attempt = makeAttempt();
    const started = join(attempt.workspace, "started");
    const wait = `touch ${started}; perl -e 'sleep 60'`;
    const run = await start(attempt, { prompt: script(column.shell(wait), { text: "never" }) });
    await run.until(() => existsSync(started));
    run.receive({ kind: "interrupt", id: "i1" });
    const { conclusion, entries } = await run.ended;
    expect(conclusion, JSON.stringify(entries.slice(1))).toMatchObject({
      reason: "cancelled_by_operator",
    });
  },

  "permission allowed": async (place) => {
    const { attempt, conclusion } = await runLimited(place);
    const result = place.column.wordsAfterDenial;
    expect(conclusion).toMatchObject({ reason: "completed", result });
    expect(existsSync(join(attempt.workspace, "allowed.txt"))).toBe(true);
  },

  "permission denied": async (place) => {
    const { attempt, entries } = await runLimited(place);
    expect(entries.filter(({ kind }) => kind === "permission_denied")).toHaveLength(1);
    expect(existsSync(join(attempt.workspace, "forbidden"))).toBe(false);
  },

  "model error": async ({ column, start, makeAttempt }) => {
    const step = { status: 400, errorType: "invalid_request_error", message: "scripted refusal" };
    const prompt = isShell(column) ? "echo scripted refusal; exit 3" : script(step);
    const { conclusion } = await (await start(makeAttempt(), { prompt })).ended;
    expect(conclusion.reason).toBe(isShell(column) ? "command_failed" : "agent_error");
    expect(conclusion.error).toMatch(isShell(column) ? /exit code 3/ : /scripted refusal/);
  },

  limit: async ({ column, start, makeAttempt }) => {
    const steps = [column.shell("echo a"), column.shell("echo b; sleep 0.2"), { text: "never" }];
    const run = await start(makeAttempt(), { prompt: script(...steps), context: { maxTurns: 1 } });
    expect((await run.ended).conclusion).toMatchObject({ reason: "max_turns" });
  },

  "kill without survivors": async ({ column, start, makeAttempt }) => {
    const attempt = makeAttempt();
    const started = join(attempt.workspace, "started");
    const wait = `touch ${started}; setsid sleep 60`;
    const prompt = isShell(column) ? wait : script(column.shell(wait), { text: "never" });
    const run = await start(attempt, { prompt });
    await run.until(() => existsSync(started));
    const { survivors } = await endAgent({
      controlPath: attempt.control,
      mark: attempt.mark,
      graceSeconds: 0,
    });
    expect(survivors).toEqual([]);
    const { conclusion } = await run.ended;
    expect(conclusion.reason).toBe(isShell(column) ? "command_failed" : "no_terminal_event");
    expect(findMarked(attempt.mark, { keeper: null })).toEqual([]);
    expect(readControl(attempt.control).exit?.signal).toBe("SIGKILL");
  },
};

const limited = new Map<Column, Promise<FirstRun>>();

/** One run whose workflow lists the writing tool alone: both rows of permissions look at it. */
function runLimited({ column, start, makeAttempt }: Place): Promise<FirstRun> {
  const known = limited.get(column);
  if (known) return known;
  const attempt = makeAttempt();
  const allowed = join(attempt.workspace, "allowed.txt");
  const begun = start(attempt, {
    prompt: script(
      column.write(isCodex(column) ? basename(allowed) : allowed, "hi"),
      column.shell("perl -e 'open F, q(>forbidden)'"),
      { text: "without it" },
    ),
    context: { allowedTools: [column.writeTool] },
  }).then(async (run) => ({ attempt, run, ...(await run.ended) }));
  limited.set(column, begun);
  return begun;
}
