import { endAgent } from "@/server/agents/end-agent";
import { type ControlState, readControl } from "@/server/agents/read-control";
import { watchSpool } from "@/server/agents/watch-spool";
import { crashAt } from "@/server/domain/crash-points";
import { limits } from "@/server/domain/limits";
import { assertHeld, type WorkerContext } from "../context";
import { isProvedDead } from "../is-proved-dead";
import { createWake } from "../wake";
import type { CommandSite, RunCommand } from "./command-site";
import type { CommandEnd } from "./end-command";
import { measureCommandOutput, storeCommandOutput } from "./store-command-output";

const lookMs = 1_000;
const graceSeconds = 3;

interface Followed {
  row: RunCommand;
  end: CommandEnd;
}

/**
 * Reads on until the command's process is gone, with all that it started, and its last byte is stored;
 * stops it at its limits. `lost`: there is no exit, and nothing is proved.
 * @throws HoldEnded
 */
export async function followCommand(
  context: WorkerContext,
  site: CommandSite,
  begun: RunCommand,
  isCancelAsked?: () => Promise<boolean>,
): Promise<Followed> {
  const wake = createWake();
  const done = new AbortController();
  watchSpool(begun.controlPath, () => wake.fire(), done.signal);
  site.signal.addEventListener("abort", () => wake.fire(), { signal: done.signal });
  const deadline = performance.now() + measureTimeLeft(begun, new Date());
  let row = begun;
  let stop: CommandEnd | null = null;
  try {
    for (;;) {
      assertHeld(site);
      const control = readControl(row.controlPath);
      const isOver = isGone(control);
      const stored = await storeCommandOutput(context, site, row, isOver);
      row = stored.command;
      if (isOver && stored.isAtEnd) {
        await crashAt("after:command");
        await endLeftovers(site, row, control);
        return { row, end: stop ?? readEnd(control) };
      }
      const due: CommandEnd | null =
        isOver || stop ? null : await findStop(row, deadline, isCancelAsked);
      if (due) {
        stop = due;
        await endAgent({ controlPath: row.controlPath, mark: site, graceSeconds });
      } else if (stored.isAtEnd) {
        await wake.wait(lookMs);
      }
    }
  } finally {
    done.abort();
  }
}

function isGone({ phase }: ControlState): boolean {
  return phase === "exited" || phase === "lost" || phase === "absent";
}

function measureTimeLeft({ startedAt, timeoutSeconds }: RunCommand, now: Date): number {
  // A clock that was set back gives it no more than its limit from here on.
  const age = startedAt ? Math.max(0, now.getTime() - startedAt.getTime()) : 0;
  return Math.max(0, timeoutSeconds * 1000 - age);
}

async function findStop(
  command: RunCommand,
  deadline: number,
  isCancelAsked?: () => Promise<boolean>,
): Promise<CommandEnd | null> {
  const end = { exitCode: null, exitSignal: null };
  if (measureCommandOutput(command) > limits.maxCommandOutputBytes) {
    const size = `${limits.maxCommandOutputBytes / 1024 ** 2} MiB`;
    return { ...end, state: "failed", note: `printed more than ${size} and was stopped` };
  }
  if (performance.now() > deadline) {
    const note = `took longer than its ${command.timeoutSeconds} s and was stopped`;
    return { ...end, state: "timed_out", note };
  }
  if (await isCancelAsked?.()) return { ...end, state: "cancelled", note: null };
  return null;
}

/** What it left behind, e.g. a daemon, ends with it. */
async function endLeftovers(
  site: CommandSite,
  { controlPath }: RunCommand,
  control: ControlState,
): Promise<void> {
  if (isProvedDead(control)) return;
  await endAgent({ controlPath, mark: site, graceSeconds: 0 });
}

function readEnd({ exit }: ControlState): CommandEnd {
  if (!exit) return { state: "lost", exitCode: null, exitSignal: null, note: null };
  const state = exit.code === 0 ? "passed" : "failed";
  return { state, exitCode: exit.code, exitSignal: exit.signal, note: null };
}
