import { type CrashPoint, crashPoints } from "@/server/domain/crash-points";

/**
 * What is killed at a point. `postgres` is stopped at once and started again; `machine` is every
 * process there is; `reboot` is that, and afterwards the boot id is another and each recorded pid is
 * some innocent process's.
 */
export const victims = ["worker", "keeper", "web", "postgres", "machine", "reboot"] as const;
export type Victim = (typeof victims)[number];

export interface CrashCase {
  point: CrashPoint;
  victim: Victim;
  /** How many attempts the run may have needed in the end. */
  attempts: { least: number; most: number };
}

/** Where the agent's process may be there already, and where it is there for sure. */
const withPerhapsAgent: CrashPoint[] = ["mid:workspace", "after:workspace"];
const withAgent: CrashPoint[] = [
  ...(["after:keeper", "after:pid", "after:begin", "after:go", "mid:run", "mid:events"] as const),
];

/** A shell agent takes no message: `server/worker/conversation` kills here, with a real agent. */
const provedElsewhere: CrashPoint[] = ["mid:handover"];

const deliveryPoints: CrashPoint[] = ["mid:merge", "before:push", "after:push"];

/** The runs of these cases deliver their work by themselves. */
export const isDelivery = (point: CrashPoint) => deliveryPoints.includes(point);
/** Points that only a run with checks passes. */
const ofCommands: CrashPoint[] = ["after:command-keeper", "mid:command", "after:command"];
export const isOfCommand = (point: CrashPoint) => ofCommands.includes(point);

/** Every point with every victim that exists at it, or those of one point. */
export function listCases(only?: string): CrashCase[] {
  const points = Object.keys(crashPoints) as CrashPoint[];
  return points
    .filter((point) => !only || point === only)
    .filter((point) => !provedElsewhere.includes(point))
    .flatMap((point) =>
      victims
        .filter((victim) => isThere(victim, point))
        .map((victim) => ({ point, victim, attempts: allowAttempts(victim, point) })),
    );
}

/**
 * About half of the cases, with every point and every victim among them: the worker at all points, the
 * others where the most is at stake.
 */
export function listQuickCases(): CrashCase[] {
  return listCases().filter(
    ({ point, victim }) => victim === "worker" || quickPoints[victim].includes(point),
  );
}

const quickPoints: Record<Exclude<Victim, "worker">, CrashPoint[]> = {
  keeper: ["after:keeper", "after:begin", "mid:run"],
  web: ["after:insert", "mid:stream", "mid:run"],
  postgres: [
    ...(["after:claim", "after:pid", "mid:events", "after:exit", "mid:finish"] as const),
    ...(["mid:cleanup", "after:command"] as const),
  ],
  machine: [
    ...(["after:insert", "mid:workspace", "after:begin", "after:snapshot", "mid:unlink"] as const),
    "mid:command",
  ],
  reboot: ["after:pid", "mid:run"],
};

/** A keeper lives from its start to the agent's end; only then is there something a reboot confuses. */
function isThere(victim: Victim, point: CrashPoint): boolean {
  if (victim === "keeper") return withAgent.includes(point);
  if (victim === "reboot") return withAgent.includes(point) || point === "after:exit";
  return true;
}

/**
 * Only the death of an agent costs an attempt: a worker, a web or a database that died is found again
 * by what it left behind.
 */
function allowAttempts(victim: Victim, point: CrashPoint): CrashCase["attempts"] {
  const killsAgent = victim === "keeper" || victim === "machine" || victim === "reboot";
  if (killsAgent && withAgent.includes(point)) return { least: 2, most: 2 };
  if (killsAgent && withPerhapsAgent.includes(point)) return { least: 1, most: 2 };
  return { least: 1, most: 1 };
}
