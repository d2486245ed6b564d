import { join } from "node:path";
import type { TranscriptEntry } from "@/server/domain/transcript";
import { appendStdin, closeStdin, giveGo } from "./agent-stdin";
import { controlFiles } from "./control-folder";
import { deriveUuid } from "./derive-uuid";
import type { AgentDriver, Conclusion, DriverContext, OperatorInput, Receipt } from "./driver";
import { type Greeted, greetAgent } from "./greet-agent";
import type { IsolationFacts } from "./probe-isolation";
import { readControl, waitForReady } from "./read-control";
import { LineReader, readSpool } from "./spool";
import { startTrial, type TrialAttempt, waitFor, waitForExit } from "./testing";
import { watchSpool } from "./watch-spool";

interface DriveOptions<State> {
  attempt: TrialAttempt;
  driver: AgentDriver<State>;
  context: DriverContext;
  isolation: IsolationFacts;
  sandbox: "auto" | "on" | "off";
  onLine?: (line: string, run: TrialRun) => void;
}

interface TrialEnd {
  conclusion: Conclusion;
  entries: TranscriptEntry[];
  receipts: Receipt[];
}

export interface TrialRun {
  context: DriverContext;
  /** The conversation's id, ours or the agent's own; null when the agent gave none. */
  nativeSessionId: string | null;
  /** What became of messages so far. */
  receipts: readonly Receipt[];
  receive(input: OperatorInput): void;
  /** The id under which the agent knows a message. */
  uuidOf(messageId: string): string;
  until(condition: () => boolean): Promise<void>;
  ended: Promise<TrialEnd>;
}

/** Some agents take half a minute to start where much else goes on. */
const patienceMs = 90_000;

/** Drives an agent as the worker does, but with its state in memory; for tests. */
export async function driveTrial<State>(options: DriveOptions<State>): Promise<TrialRun> {
  const { attempt, driver, context } = options;
  const { control } = attempt;
  const { argv, environment } = driver.launch(context);
  const { isolation, sandbox } = options;
  await startTrial(attempt, {
    argv,
    isolation,
    sandbox,
    kind: driver.kind,
    streams: "separate",
    environment,
  });
  await waitForReady(control, { timeoutSeconds: 10 });
  const entries: TranscriptEntry[] = [];
  const receipts: Receipt[] = [];
  const reader = new LineReader(0);
  const greeted = driver.greet
    ? await greetAgent({ controlPath: control, driver, context, timeoutSeconds: patienceMs / 1000 })
    : null;
  let stdinBytes = greeted?.stdinBytes ?? 0;
  let isClosed = false;
  let state: State;
  const take = async (step: ReturnType<typeof driver.begin>) => {
    state = step.state;
    entries.push(...step.entries);
    receipts.push(...(step.receipts ?? []));
    for (const reply of step.replies) {
      await appendStdin(control, stdinBytes, reply);
      stdinBytes += Buffer.byteLength(reply);
    }
    if (step.isInputOver && !isClosed) {
      isClosed = true;
      await giveGo(control);
      await closeStdin(control);
    }
  };
  if (greeted && greeted.nativeSessionId === null) {
    await closeStdin(control);
    return unnamed(options, greeted);
  }
  await take(driver.begin(context, greeted?.state));
  await giveGo(control);
  const inputs: OperatorInput[] = [];
  const run: TrialRun = {
    context,
    nativeSessionId: greeted?.nativeSessionId ?? context.nativeSessionId,
    receipts,
    receive: (input) => {
      inputs.push(input);
      following.wake();
    },
    uuidOf: (id) => deriveUuid(context.nativeSessionId ?? "", context.attemptId, id),
    until: async (condition) => {
      await waitFor(control, condition, patienceMs);
    },
    ended: new Promise(() => undefined),
  };
  const readOn = async (): Promise<boolean> => {
    const { exit } = readControl(control);
    const bytes = await readSpool(
      join(control, controlFiles.output),
      reader.readOffset,
      Buffer.alloc(1 << 20),
    );
    for (const line of reader.push(bytes)) {
      if (line.text === null) continue;
      options.onLine?.(line.text, run);
      if (driver.reads === "raw") continue;
      await take(driver.readLine(state, line.text));
      for (const input of inputs.splice(0)) await take(driver.receive(state, input));
    }
    for (const input of inputs.splice(0)) await take(driver.receive(state, input));
    return exit !== null && bytes.length === 0;
  };
  const following = follow(control, readOn);
  run.ended = following.ended.then(async () => {
    return { conclusion: await concludeTrial(options, state), entries, receipts };
  });
  return run;
}

/** The agent did not name the conversation: the run ends before its prompt. */
function unnamed<State>(options: DriveOptions<State>, { state }: Greeted<State>): TrialRun {
  const { attempt, context } = options;
  const ended = waitForExit(attempt.control).then(async () => {
    const conclusion = await concludeTrial(options, state);
    return { conclusion, entries: [], receipts: [] };
  });
  const nothing = () => undefined;
  const until = async () => undefined;
  const receipts: Receipt[] = [];
  const uuidOf = () => "";
  return { context, nativeSessionId: null, receipts, receive: nothing, uuidOf, until, ended };
}

async function concludeTrial<State>(
  { attempt, driver }: DriveOptions<State>,
  state: State,
): Promise<Conclusion> {
  const { exit } = readControl(attempt.control);
  const stderr = join(attempt.control, controlFiles.stderr);
  const tail = await readSpool(stderr, 0, Buffer.alloc(4096));
  const { code = null, signal = null } = exit ?? {};
  return driver.conclude(state, { code, signal, tail: tail.toString() });
}

/** Reads on after every change, and when woken, until the end was read. */
function follow(control: string, readOn: () => Promise<boolean>) {
  const done = new AbortController();
  let wake = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    let isReading = false;
    let isDue = false;
    const read = async () => {
      isDue = true;
      if (isReading) return;
      isReading = true;
      while (isDue && !done.signal.aborted) {
        isDue = false;
        if (await readOn()) {
          done.abort();
          resolve();
        } else if (readControl(control).exit) isDue = true;
      }
      isReading = false;
    };
    wake = () => void read().catch(reject);
    watchSpool(control, wake, done.signal);
    wake();
  });
  return { ended, wake };
}
