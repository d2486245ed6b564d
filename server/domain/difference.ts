import { z } from "zod";
import {
  type DifferenceKind,
  differenceFacts,
  differenceKindSchema,
  differenceKinds,
  type Severity,
  severities,
  severitySchema,
} from "./difference-kinds";

/** Everything that can be done about a difference; each is carried out on its host. */
const fixActions = [
  "send_job",
  "drop_job",
  "end_processes",
  "adopt",
  "quarantine",
  "remove_half_made",
  "mark_removed",
  "make_mirror",
  "look_for_commits",
  "keep_commits",
] as const;
export const fixActionSchema = z.enum(fixActions);
export type FixAction = z.infer<typeof fixActionSchema>;

const fixLabels: Record<FixAction, string> = {
  send_job: "Send a new job",
  drop_job: "Remove the job",
  end_processes: "End the processes",
  adopt: "Adopt as a workspace",
  quarantine: "Put into quarantine",
  remove_half_made: "Remove the folder",
  mark_removed: "Mark as removed",
  make_mirror: "Make the mirror again",
  look_for_commits: "Look for the commits",
  keep_commits: "Give them a keep ref",
};

export const fixSchema = z.object({
  action: fixActionSchema,
  label: z.string(),
  /** Exactly what will be done, in order. A fix is refused when this has changed since it was shown. */
  steps: z.array(z.string()),
});
type Fix = z.infer<typeof fixSchema>;
/** A fix without the words that its action brings along. */
export type OfferedFix = Omit<Fix, "label">;

/** What a difference is about; only what applies is there. */
const differenceSubjectSchema = z.object({
  runId: z.string().optional(),
  runNumber: z.number().int().optional(),
  attemptId: z.string().optional(),
  workspaceId: z.string().optional(),
  repositoryId: z.string().optional(),
  repository: z.string().optional(),
  jobId: z.string().optional(),
  path: z.string().optional(),
  pids: z.array(z.number().int()).optional(),
});
type DifferenceSubject = z.infer<typeof differenceSubjectSchema>;

const differenceSchema = z.object({
  /** The same for the same difference at every look. */
  key: z.string(),
  kind: differenceKindSchema,
  severity: severitySchema,
  /** What its kind is called. */
  label: z.string(),
  /** This very case in one sentence. */
  title: z.string(),
  explanation: z.string(),
  nextStep: z.string(),
  subject: differenceSubjectSchema,
  /** The facts that it rests on, as they were read. */
  evidence: z.array(z.object({ name: z.string(), value: z.string() })),
  /** What can be done about it from here, the gentlest first; empty: only a person can help. */
  fixes: z.array(fixSchema),
  /** The worker whose host it is on; null: it is in the database alone. */
  workerId: z.string().nullable(),
});
export type Difference = z.infer<typeof differenceSchema>;

const severityCountsSchema = z.object({
  critical: z.number().int(),
  warning: z.number().int(),
  note: z.number().int(),
});
export type SeverityCounts = z.infer<typeof severityCountsSchema>;

/** How much of each sort of thing was compared. */
const comparedSchema = z.array(z.object({ what: z.string(), count: z.number().int() }));
export type Compared = z.infer<typeof comparedSchema>;

/** What one look at one host found. */
const hostReportSchema = z.object({
  at: z.coerce.date(),
  tookMs: z.number().int(),
  /** False: the home is missing or foreign, so the rest of the host is unknown. */
  isJudged: z.boolean(),
  compared: comparedSchema,
  counts: severityCountsSchema,
  /** The worst first, at most `maxReportedDifferences`; `counts` has them all. */
  differences: z.array(differenceSchema),
});
export type HostReport = z.infer<typeof hostReportSchema>;

export const maxReportedDifferences = 500;
/** Clocks that are further apart than this are a difference. */
export const maxClockDifferenceSeconds = 5;

/** What a page shows: every host's newest report, and the database compared with itself just now. */
export const doctorReportSchema = z.object({
  /** When the oldest part of it was looked at; null: no host has been looked at yet. */
  checkedAt: z.date().nullable(),
  hosts: z.array(
    z.object({
      workerId: z.string(),
      worker: z.string(),
      host: z.string(),
      isAlive: z.boolean(),
      /** Null: this host has never been looked at. */
      at: z.date().nullable(),
      tookMs: z.number().int().nullable(),
      isJudged: z.boolean(),
      compared: comparedSchema,
      /** Why there is no newer report, where one was asked for. */
      problem: z.string().nullable(),
    }),
  ),
  compared: comparedSchema,
  counts: severityCountsSchema,
  differences: z.array(
    differenceSchema.extend({
      worker: z.string().nullable(),
      /** When it was first seen; null: only now. */
      since: z.date().nullable(),
    }),
  ),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;
export type ReportedDifference = DoctorReport["differences"][number];

export const fixOutcomeSchema = z.object({ done: z.array(z.string()) });
export type FixOutcome = z.infer<typeof fixOutcomeSchema>;

export function countSeverities(differences: readonly { severity: Severity }[]): SeverityCounts {
  const counts: SeverityCounts = { critical: 0, warning: 0, note: 0 };
  for (const { severity } of differences) counts[severity] += 1;
  return counts;
}

/** The worst first, the same kinds together; stable within a kind. */
export function sortDifferences<Item extends { kind: DifferenceKind; severity: Severity }>(
  differences: readonly Item[],
): Item[] {
  const rank = ({ kind, severity }: Item) =>
    severities.indexOf(severity) * differenceKinds.length + differenceKinds.indexOf(kind);
  return [...differences].sort((one, other) => rank(one) - rank(other));
}

export interface NewDifference {
  kind: DifferenceKind;
  /** What tells it from others of its kind. */
  of: string;
  title: string;
  subject: DifferenceSubject;
  evidence: Record<string, string | number | Date | null>;
  fixes?: OfferedFix[];
  workerId?: string | null;
}

/** A difference with all that its kind says of it. */
export function describeDifference(found: NewDifference): Difference {
  const { kind, title, subject, workerId = null } = found;
  const fixes = (found.fixes ?? []).map((fix) => ({ ...fix, label: fixLabels[fix.action] }));
  const evidence = Object.entries(found.evidence).map(([name, value]) => ({
    name,
    value: value === null ? "none" : value instanceof Date ? value.toISOString() : String(value),
  }));
  const key = [kind, workerId ?? "database", found.of].join(":");
  return { key, kind, ...differenceFacts[kind], title, subject, evidence, fixes, workerId };
}
