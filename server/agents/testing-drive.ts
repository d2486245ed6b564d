import { join } from "node:path";
import type { TranscriptEntry } from "@/server/domain/transcript";
import { appendStdin, closeStdin, giveGo } from "./agent-stdin";
import { deriveUuid } from "./claude-state";
import { controlFiles } from "./control-folder";
import type { AgentDriver, Conclusion, DriverContext, OperatorInput, Receipt } from "./driver";
import type { IsolationFacts } from "./probe-isolation";
import { readControl, waitForReady } from "./read-control";
import { LineReader, readSpool } from "./spool";
import { startTrial, type TrialAttempt, waitFor } from "./testing";
import { watchSpool } from "./watch-spool";

interface DriveOptions<State> {
  attempt: TrialAttempt;
  driver: AgentDriver<State>;
  context: DriverContext;
  isolation: IsolationFacts;
  sandbox: "auto" | "on" | "off";
  onLine?: (line: string, run: TrialRun) => void;
}

export interface TrialRun {
  context: DriverContext;
  receive(input: OperatorInput): void;
  /** The id under which the agent knows a message. */
  uuidOf(messageId: string): string;
  until(condition: () => boolean): Promise<void>;
  ended: Promise<{ conclusion: Conclusion; entries: TranscriptEntry[]; receipts: Receipt[] }>;
}

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
  let stdinBytes = 0;
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
      await closeStdin(control);
    }
  };
  await take(driver.begin(context));
  await giveGo(control);
  const inputs: OperatorInput[] = [];
  const run: TrialRun = {
    context,
    receive: (input) => inputs.push(input),
    uuidOf: (id) => deriveUuid(context.nativeSessionId, context.attemptId, id),
    until: async (condition) => {
      await waitFor(control, condition);
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
      await take(driver.readLine(state, line.text));
      for (const input of inputs.splice(0)) await take(driver.receive(state, input));
    }
    for (const input of inputs.splice(0)) await take(driver.receive(state, input));
    return exit !== null && bytes.length === 0;
  };
  run.ended = follow(control, readOn).then(async () => {
    const { exit } = readControl(control);
    const tail = await readSpool(join(control, controlFiles.stderr), 0, Buffer.alloc(4096));
    const conclusion = driver.conclude(state, {
      code: exit?.code ?? null,
      signal: exit?.signal ?? null,
      tail: tail.toString(),
    });
    return { conclusion, entries, receipts };
  });
  return run;
}

/** Reads on after every change until the end was read. */
async function follow(control: string, readOn: () => Promise<boolean>): Promise<void> {
  const done = new AbortController();
  await new Promise<void>((resolve, reject) => {
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
    const start = () => void read().catch(reject);
    watchSpool(control, start, done.signal);
    start();
  });
}
