import { setTimeout as delay } from "node:timers/promises";
import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { isDatabaseAway } from "@/db/errors";
import { attempts } from "@/db/schema";
import { hasCode } from "@/server/agents/has-code";
import { isAlive, type ProcessIdentity } from "@/server/agents/process-identity";
import { readControl } from "@/server/agents/read-control";
import { type Fleet, workerNames } from "./fleet";
import type { Step } from "./plan-steps";

type BlowStep = Extract<Step, { kind: "blow" }>;

/** `struck`, or why there was nothing to strike. */
export type Struck = "struck" | "nothing there" | "database away";

let postgres: Promise<unknown> = Promise.resolve();

/** Breaks one thing and, where it was only stopped, lets it go on when its time is over. */
export async function strikeBlow(fleet: Fleet, step: BlowStep): Promise<Struck> {
  const worker = workerNames[Math.floor(step.pick * workerNames.length)] ?? workerNames[0];
  switch (step.blow) {
    case "kill_worker":
      return kill(fleet, worker);
    case "kill_web":
      return kill(fleet, "web");
    case "stop_worker":
      return pauseFor(fleet, worker, step.seconds);
    case "stop_web":
      return pauseFor(fleet, "web", step.seconds);
    case "kill_agent":
    case "stop_agent":
    case "kill_keeper":
      return strikeAttempt(fleet, step);
    default:
      // One after another: what is down cannot be struck again.
      postgres = postgres.then(() => strikePostgres(fleet, step));
      await postgres;
      return "struck";
  }
}

function kill(fleet: Fleet, name: string): Struck {
  fleet.signal(name, "SIGKILL");
  return "struck";
}

async function pauseFor(fleet: Fleet, name: string, seconds: number): Promise<Struck> {
  fleet.signal(name, "SIGSTOP");
  await delay(seconds * 1000);
  fleet.signal(name, "SIGCONT");
  return "struck";
}

async function strikeAttempt(fleet: Fleet, step: BlowStep): Promise<Struck> {
  const found = await listLiveAttempts(fleet);
  if (!found) return "database away";
  const attempt = found[Math.floor(step.pick * found.length)];
  if (!attempt) return "nothing there";
  const control = readControl(attempt.controlPath);
  const victim = step.blow === "kill_keeper" ? control.keeper : control.agent;
  if (!victim || !isAlive(victim)) return "nothing there";
  if (step.blow !== "stop_agent") {
    process.kill(victim.pid, "SIGKILL");
    return "struck";
  }
  process.kill(victim.pid, "SIGSTOP");
  await delay(step.seconds * 1000);
  goOn(victim);
  return "struck";
}

function goOn(victim: ProcessIdentity): void {
  if (isAlive(victim)) process.kill(victim.pid, "SIGCONT");
}

/** Null while the database is away. */
async function listLiveAttempts({ plan }: Fleet) {
  try {
    return await plan.db
      .select({ controlPath: attempts.controlPath })
      .from(attempts)
      .where(
        and(isNull(attempts.endedAt), isNotNull(attempts.pid), eq(attempts.isTerminal, false)),
      );
  } catch (error) {
    if (isDatabaseAway(error)) return null;
    throw error;
  }
}

async function strikePostgres({ plan }: Fleet, step: BlowStep): Promise<void> {
  const { cluster } = plan;
  if (step.blow === "kill_backend") {
    const backends = cluster.listBackends();
    const victim = backends[Math.floor(step.pick * backends.length)];
    if (victim) killBackend(victim);
    return;
  }
  await cluster.stopAtOnce();
  if (step.blow === "outage") await delay(step.seconds * 1000);
  await cluster.start();
}

/** A backend that was there a moment ago may have ended by itself. */
function killBackend(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
  }
}
