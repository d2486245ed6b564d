import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codex } from "./codex";
import { endAgent } from "./end-agent";
import { greetAgent } from "./greet-agent";
import { waitForReady } from "./read-control";
import {
  makeTrialAttempt,
  noIsolation,
  readOutput,
  startTrial,
  type TrialAttempt,
} from "./testing";
import { codexContext } from "./testing-codex";

let attempt: TrialAttempt;
beforeEach(() => {
  attempt = makeTrialAttempt();
});
afterEach(async () => {
  await endAgent({ controlPath: attempt.control, mark: attempt.mark, graceSeconds: 0 });
  rmSync(attempt.home, { recursive: true, force: true });
});

/** A program in the place of Codex: what it does with its stdin is up to `script`. */
async function startAs(script: string): Promise<void> {
  const argv = ["bash", "-c", script];
  await startTrial(attempt, { argv, kind: "codex", isolation: noIsolation, streams: "separate" });
  await waitForReady(attempt.control, { timeoutSeconds: 10 });
}

const greet = (more: { timeoutSeconds?: number; signal?: AbortSignal } = {}) =>
  greetAgent({
    ...{ controlPath: attempt.control, driver: codex, context: codexContext, timeoutSeconds: 20 },
    ...more,
  });

const answers = [
  'read -r line; echo "heard $line" >&2; echo \'{"id":1,"result":{}}\'',
  'read -r line; read -r line; echo \'{"id":2,"result":{"thread":{"id":"thread-1"}}}\'',
  "cat >/dev/null",
].join("\n");

describe("greetAgent", () => {
  it("gets the same name from the same process when it is done again, and says nothing twice", async () => {
    await startAs(answers);
    const first = await greet();
    expect(first.nativeSessionId).toBe("thread-1");
    const said = readOutput(attempt.control, "stdin");
    expect(first.stdinBytes).toBe(Buffer.byteLength(said));
    const second = await greet();
    expect(second).toMatchObject({ nativeSessionId: "thread-1", stdinBytes: first.stdinBytes });
    expect(second.state).toEqual(first.state);
    expect(readOutput(attempt.control, "stdin")).toBe(said);
    expect(readOutput(attempt.control, "stderr").match(/heard/g)).toHaveLength(1);
  });

  it("gives no name of an agent that ended, and how it ended", async () => {
    await startAs("echo 'no such option' >&2; exit 3");
    const { nativeSessionId, control } = await greet();
    expect(nativeSessionId).toBeNull();
    expect(control.exit).toMatchObject({ code: 3 });
  });

  it("names the fault when no answer comes in time, and stops waiting when told to", async () => {
    await startAs("cat >/dev/null");
    await expect(greet({ timeoutSeconds: 0.2 })).rejects.toThrow(/did not answer within 0.2 s/);
    const stop = new AbortController();
    const greeting = greet({ signal: stop.signal });
    stop.abort("shutdown");
    await expect(greeting).rejects.toBe("shutdown");
  });

  it("does not go on with what another version began to say", async () => {
    await startAs(answers);
    writeFileSync(join(attempt.control, "stdin"), '{"id":1,"method":"hello"}\n');
    await expect(greet()).rejects.toThrow(/Another version of Coppice/);
  });
});
