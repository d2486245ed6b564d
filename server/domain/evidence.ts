import { z } from "zod";
import { isolations } from "./confinement";
import { endReasonSchema } from "./end-reasons";
import { waitReasonSchema } from "./run";
import { runStatusSchema } from "./run-status";
import { workerStateSchema } from "./worker";

const controlPhases = ["absent", "starting", "ready", "running", "exited", "lost"] as const;
export type ControlPhaseSeen = (typeof controlPhases)[number];

/** What a worker saw when it last looked at the processes of an attempt. */
const processLookSchema = z.object({
  /** When it looked, and since when it has seen the same. */
  lookedAt: z.date(),
  changedAt: z.date(),
  /** The claim under which it looked. */
  fence: z.number().int(),
  phase: z.enum(controlPhases),
  /** Whether the worker's process followed the attempt then. */
  isDriven: z.boolean(),
  keeperPid: z.number().int().nullable(),
  isKeeperAlive: z.boolean(),
  pid: z.number().int().nullable(),
  isAgentAlive: z.boolean(),
  /** Null: the agent has no pid namespace of its own, so only a sweep vouches for its end. */
  isNamespaceAlive: z.boolean().nullable(),
  /** Processes that carry the attempt's mark; looked for only once it has ended. */
  leftOver: z.array(z.number().int()),
  exit: z
    .object({ code: z.number().nullable(), signal: z.string().nullable(), at: z.date() })
    .nullable(),
  /** Bytes in the spool, and when the last of them came. */
  spoolBytes: z.number().int(),
  spoolAt: z.date().nullable(),
  keeperBeatAt: z.date().nullable(),
});
export type ProcessLook = z.infer<typeof processLookSchema>;

const agreements = ["agrees", "stale", "disagrees"] as const;
export type Agreement = (typeof agreements)[number];

/** The facts that a run's status rests on, each with the time for which it holds. */
export const runEvidenceSchema = z.object({
  /** The database's time when it was put together. */
  asOf: z.date(),
  agreement: z.enum(agreements),
  /** What that means, for the operator. */
  sentence: z.string(),
  status: runStatusSchema,
  statusSince: z.date(),
  endReason: endReasonSchema.nullable(),
  /** Who moved it there, when and why: its last change of status. */
  moved: z
    .object({
      actor: z.string(),
      at: z.date(),
      seq: z.number().int(),
      from: z.string().nullable(),
      to: z.string(),
      reason: z.string().nullable(),
      text: z.string().nullable(),
    })
    .nullable(),
  attempt: z.number().int(),
  fence: z.number().int(),
  worker: z
    .object({
      name: z.string(),
      host: z.string(),
      state: workerStateSchema,
      heartbeatAt: z.date(),
    })
    .nullable(),
  processes: processLookSchema.nullable(),
  output: z.object({
    storedBytes: z.number().int(),
    /** The agent's own word that it is done has been read. */
    hasTerminalEvent: z.boolean(),
  }),
  exit: z
    .object({ code: z.number().nullable(), signal: z.string().nullable(), at: z.date().nullable() })
    .nullable(),
  isolation: z.enum(isolations).nullable(),
  job: z
    .object({
      id: z.string(),
      queue: z.string(),
      /** Null: there is no such job any more. */
      state: z.string().nullable(),
      heartbeatAt: z.date().nullable(),
    })
    .nullable(),
  wait: z
    .object({
      reason: waitReasonSchema.nullable(),
      availableAt: z.date(),
      /** The worker that alone can take it, if it is bound to one. */
      worker: z.string().nullable(),
      sentence: z.string(),
    })
    .nullable(),
  cancel: z
    .object({ askedAt: z.date(), askedBy: z.string().nullable(), asks: z.number().int() })
    .nullable(),
  /** Earlier attempts on a host that was declared lost: nobody has proved that their processes ended. */
  notProvedDead: z.array(
    z.object({
      attempt: z.number().int(),
      worker: z.string(),
      host: z.string(),
      pid: z.number().int().nullable(),
      since: z.date(),
    }),
  ),
});
export type RunEvidence = z.infer<typeof runEvidenceSchema>;
/** Everything but the judgement. */
export type EvidenceFacts = Omit<RunEvidence, "agreement" | "sentence">;
