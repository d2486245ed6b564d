import { join } from "node:path";
import { controlFiles } from "@/server/agents/control-folder";
import { type Greeted, greetAgent } from "@/server/agents/greet-agent";
import { readSpoolEnd } from "@/server/agents/spool";
import { Conflict } from "@/server/domain/errors";
import { type NativeSessionId, nativeSessionIdSchema } from "@/server/domain/ids";
import { AttemptFailed, failingAs } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import type { Hold, WorkerContext } from "./context";
import { openRunRedactor } from "./open-run-redactor";
import type { LaunchPlan } from "./plan-launch";

/** A conversation that the agent has named, and nothing was said in yet. */
export interface NamedConversation {
  nativeSessionId: NativeSessionId;
  /** For the driver's `begin`. */
  state: unknown;
  /** What was said so far: the prompt stands behind it. */
  stdinBytes: number;
}

const answerTimeoutSeconds = 60;
const lastWordsBytes = 4096;

/**
 * Lets an agent that names its conversation itself go so far that it does; its prompt waits for the
 * run's beginning. Null where the name is ours. A worker that comes back here gets the same name from
 * the same process.
 * @throws AttemptFailed when the agent gives no name; the signal's reason when the hold ends.
 */
export async function askForName(
  context: WorkerContext,
  hold: Hold,
  plan: LaunchPlan,
): Promise<NamedConversation | null> {
  const { driver, driverContext } = plan;
  if (!driver.greet) return null;
  const greeted = await greet(hold, plan);
  const { state, stdinBytes } = greeted;
  const name = nativeSessionIdSchema.safeParse(greeted.nativeSessionId);
  if (name.success) return { nativeSessionId: name.data, state, stdinBytes };
  const { code = null, signal = null } = greeted.control.exit ?? {};
  const tail = await readSpoolEnd(join(hold.controlPath, controlFiles.stderr), lastWordsBytes);
  const { reason, error } = driver.conclude(state, { code, signal, tail });
  const words = error ?? `The agent (${driverContext.program}) did not name its conversation.`;
  const redactor = await awaitDatabase(context, hold, () =>
    openRunRedactor(context, plan.secretsOf),
  );
  throw new AttemptFailed(reason, redactor.redactText(words));
}

async function greet(hold: Hold, { driver, driverContext }: LaunchPlan): Promise<Greeted<unknown>> {
  try {
    return await failingAs("agent_error", () =>
      greetAgent({
        controlPath: hold.controlPath,
        driver,
        context: driverContext,
        signal: hold.signal,
        timeoutSeconds: answerTimeoutSeconds,
      }),
    );
  } catch (error) {
    if (error instanceof AttemptFailed && error.cause instanceof Conflict) {
      throw new AttemptFailed("worker_lost", error.message, error);
    }
    throw error;
  }
}
