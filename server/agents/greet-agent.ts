import { join } from "node:path";
import { Conflict, Unavailable } from "@/server/domain/errors";
import { appendStdin, giveGo } from "./agent-stdin";
import { controlFiles } from "./control-folder";
import type { AgentDriver, DriverContext, Step } from "./driver";
import { type ControlState, readControl } from "./read-control";
import { LineReader, readSpool } from "./spool";
import { watchSpool } from "./watch-spool";

export interface GreetOptions<State> {
  controlPath: string;
  driver: AgentDriver<State>;
  context: DriverContext;
  timeoutSeconds: number;
  signal?: AbortSignal;
}

export interface Greeted<State> {
  /** For `begin`; or for `conclude`, when the agent gave no name. */
  state: State;
  nativeSessionId: string | null;
  /** How much was said: the first prompt goes behind it. */
  stdinBytes: number;
  control: ControlState;
}

const stepBytes = 256 * 1024;

/**
 * Lets the agent go and has it name the conversation, and says nothing else to it. Everything said
 * follows from the context and from what the agent answered, so that a worker that comes back says the
 * same at the same places, and nothing twice. The prompt is not said here.
 * @throws Unavailable when the agent does not answer in time; Conflict when something else was said
 *   before; the signal's reason if aborted.
 */
export async function greetAgent<State>(options: GreetOptions<State>): Promise<Greeted<State>> {
  const { controlPath, driver, context } = options;
  if (!driver.greet) throw new Error(`${driver.kind} needs no greeting`);
  const lines = new LineReader(0);
  const buffer = Buffer.alloc(stepBytes);
  let stdinBytes = 0;
  const say = async ({ replies }: Step<State>) => {
    const text = replies.join("");
    if (text === "") return;
    await assertSame(controlPath, stdinBytes, text);
    await appendStdin(controlPath, stdinBytes, text);
    stdinBytes += Buffer.byteLength(text);
  };
  let step = driver.greet(context);
  await say(step);
  await giveGo(controlPath);
  for await (const control of watchControl(options)) {
    let isRead = false;
    while (!isRead) {
      const bytes = await readSpool(
        join(controlPath, controlFiles.output),
        lines.readOffset,
        buffer,
      );
      isRead = bytes.length === 0;
      for (const { text } of lines.push(bytes)) {
        if (text === null) continue;
        step = driver.readLine(step.state, text);
        await say(step);
        const nativeSessionId = step.nativeSessionId ?? null;
        if (nativeSessionId !== null || step.isTerminal) {
          return { state: step.state, nativeSessionId, stdinBytes, control };
        }
      }
    }
    if (isOver(control)) return { state: step.state, nativeSessionId: null, stdinBytes, control };
  }
  throw new Error("unreachable: the control folder is watched until the greeting is over");
}

/** A worker of another version may have begun otherwise: what the agent has read cannot be unsaid. */
async function assertSame(controlPath: string, offset: number, text: string): Promise<void> {
  const wanted = Buffer.from(text);
  const path = join(controlPath, controlFiles.stdin);
  const said = await readSpool(path, offset, Buffer.alloc(wanted.length));
  if (said.equals(wanted.subarray(0, said.length))) return;
  throw new Conflict("Another version of Coppice has begun to speak with this agent.", {
    facts: { controlPath, offset },
  });
}

const isOver = ({ phase }: ControlState) =>
  phase === "exited" || phase === "lost" || phase === "absent";

/** The state of the attempt's processes, now and after each change in the control folder. */
async function* watchControl<State>(options: GreetOptions<State>): AsyncGenerator<ControlState> {
  const { controlPath, driver, timeoutSeconds } = options;
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const done = new AbortController();
  let isChanged = true;
  let wake = () => {};
  const fire = () => {
    isChanged = true;
    wake();
  };
  watchSpool(controlPath, fire, done.signal);
  signal.addEventListener("abort", fire, { signal: done.signal });
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      if (timeout.aborted) throw notAnswered(driver.kind, controlPath, timeoutSeconds);
      if (isChanged) {
        isChanged = false;
        yield readControl(controlPath);
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    done.abort();
  }
}

function notAnswered(kind: string, controlPath: string, timeoutSeconds: number): Unavailable {
  return new Unavailable(`The agent (${kind}) did not answer within ${timeoutSeconds} seconds.`, {
    hint: "The host may be overloaded, or this version of the agent speaks another language.",
    facts: { controlPath, kind },
  });
}
