import { z } from "zod";

/**
 * How bad a difference is:
 * - `critical`: a run is stuck, or work may be out of reach.
 * - `warning`: something is not as the database says; nothing is lost by it.
 * - `note`: leftovers that only take room.
 */
export const severities = ["critical", "warning", "note"] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

/** Every way in which database, disk, git, processes and queue can disagree; a closed list. */
export const differenceKinds = [
  "home_not_marked",
  "other_installation",
  "held_run_without_job",
  "queued_run_without_job",
  "held_by_absent_worker",
  "job_without_run",
  "run_without_process",
  "two_living_trees",
  "process_of_ended_run",
  "process_of_unknown_run",
  "control_without_attempt",
  "folder_without_row",
  "row_without_folder",
  "half_made_folder",
  "shadow_without_workspace",
  "mirror_missing",
  "mirror_damaged",
  "commit_missing",
  "commit_without_ref",
  "ref_without_run",
  "origin_gone",
  "clock_differs",
] as const;
export const differenceKindSchema = z.enum(differenceKinds);
export type DifferenceKind = z.infer<typeof differenceKindSchema>;

interface KindFacts {
  severity: Severity;
  /** What it is called in a list. */
  label: string;
  /** What it means, for a person who has never seen it. */
  explanation: string;
  /** What an operator can do when there is nothing to click. */
  nextStep: string;
}

export const differenceFacts: Record<DifferenceKind, KindFacts> = {
  home_not_marked: {
    severity: "critical",
    label: "Home or disk missing",
    explanation:
      "The folder where this host keeps everything, its installation mark, or a folder that must lie in it is not there. Most often a disk is not mounted. What should be on it cannot be judged, so nothing of this host is compared and nothing is changed.",
    nextStep: "Mount the disk or bring the folder back, then check again.",
  },
  other_installation: {
    severity: "critical",
    label: "Database of another installation",
    explanation:
      "The installation id in the database is not the one on this host's disk: the database was swapped, emptied or restored from somewhere else. Its rows say nothing about these folders, so nothing is compared and nothing is changed.",
    nextStep:
      "Point DATABASE_URL at the database that belongs to this home, or COPPICE_HOME at the home of this database.",
  },
  held_run_without_job: {
    severity: "critical",
    label: "Held run without a job",
    explanation:
      "A worker is said to carry out this run, but no job of it is in the queue, so nobody would come back to it after a crash.",
    nextStep: "Send a new job: the worker goes on with the same attempt.",
  },
  queued_run_without_job: {
    severity: "critical",
    label: "Queued run without a job",
    explanation: "The run waits, but no job of it is in the queue, so no worker will ever take it.",
    nextStep: "Send a new job.",
  },
  held_by_absent_worker: {
    severity: "warning",
    label: "Run of an absent worker",
    explanation:
      "The worker that holds this run no longer beats. Its agent may go on without it; nobody reads along and nobody ends the run.",
    nextStep: "Start the worker on its host again; it goes on where the last one stopped.",
  },
  job_without_run: {
    severity: "warning",
    label: "Job without a run",
    explanation:
      "A job is in the queue for a run that does not exist, has ended, or has another job. It does no harm but takes a place.",
    nextStep: "Remove the job.",
  },
  run_without_process: {
    severity: "critical",
    label: "Running without a process",
    explanation:
      "The run is said to run, but its agent's process is gone and no worker is finishing the run.",
    nextStep: "Send a new job: the worker collects the work and ends or repeats the attempt.",
  },
  two_living_trees: {
    severity: "critical",
    label: "Two attempts alive",
    explanation:
      "Processes of more than one attempt of this run are alive. Two agents may be writing to the same files.",
    nextStep: "End the processes of every attempt but the newest.",
  },
  process_of_ended_run: {
    severity: "critical",
    label: "Process of an ended run",
    explanation:
      "The attempt is over, but a process that carries its mark is still alive. It may still write to the workspace.",
    nextStep: "End the process.",
  },
  process_of_unknown_run: {
    severity: "warning",
    label: "Process of an unknown run",
    explanation:
      "A living process works in this home for an attempt that the database does not know, as after a restored backup. It is left alone: its work may be wanted.",
    nextStep: "Look at the process on its host, and end it there if nobody needs it.",
  },
  control_without_attempt: {
    severity: "warning",
    label: "Control folder without an attempt",
    explanation:
      "The folder holds the output and the state of an attempt that the database does not know, as after a restored backup.",
    nextStep: "Look into it, then put it into quarantine.",
  },
  folder_without_row: {
    severity: "warning",
    label: "Workspace folder without a row",
    explanation:
      "A folder lies among the workspaces that the database does not count as one. It may hold work that nothing else has, so it is never deleted.",
    nextStep: "Adopt it as a workspace, or put it into quarantine.",
  },
  row_without_folder: {
    severity: "warning",
    label: "Workspace without its folder",
    explanation:
      "The database says that the workspace is ready, but its folder is gone. Commits and snapshots of ended runs are in the mirror; the next run makes the folder again from there.",
    nextStep: "Mark the workspace as removed.",
  },
  half_made_folder: {
    severity: "note",
    label: "Half-made folder",
    explanation:
      "A process died while it made this folder beside its place. No agent has ever been in it.",
    nextStep: "Remove it.",
  },
  shadow_without_workspace: {
    severity: "note",
    label: "Private index without a workspace",
    explanation: "The index that captures were taken with is left, its workspace is not.",
    nextStep: "Put it into quarantine.",
  },
  mirror_missing: {
    severity: "critical",
    label: "Mirror missing",
    explanation:
      "This host has workspaces or recorded work of the repository, but not its mirror. Workspaces borrow their objects from it, and work that was not pushed was kept in it.",
    nextStep: "Bring it back from a backup if there is one; else make it again from the origin.",
  },
  mirror_damaged: {
    severity: "critical",
    label: "Mirror damaged",
    explanation:
      "git cannot read the mirror to its end: an object or a file of it is missing or broken. Which work it still holds cannot be told.",
    nextStep:
      "Stop the worker, copy the mirror aside, and bring it back from a backup. Do not repack or prune it.",
  },
  commit_missing: {
    severity: "critical",
    label: "Recorded commit missing",
    explanation: "The database names commits of this run that the mirror does not have.",
    nextStep: "Look for them at the origin and in the workspace, or bring the mirror back.",
  },
  commit_without_ref: {
    severity: "critical",
    label: "Commit under no ref",
    explanation:
      "The mirror has these recorded commits, but no ref leads to them: whoever prunes the mirror would lose them.",
    nextStep: "Give them a keep ref.",
  },
  ref_without_run: {
    severity: "note",
    label: "Kept work of an unknown run",
    explanation:
      "The mirror keeps work of a run that the database does not know, as after a restored backup. It stays kept.",
    nextStep: "Look at it with git in the mirror, if it is wanted.",
  },
  origin_gone: {
    severity: "warning",
    label: "Origin out of reach",
    explanation:
      "The repository cannot be read where it was registered. Runs that need its newest commits will fail; work that is in the mirror stays there.",
    nextStep: "Bring the origin back, or mend its address and credentials on this host.",
  },
  clock_differs: {
    severity: "warning",
    label: "Clocks differ",
    explanation:
      "The clock of this host and that of the database are more than 5 seconds apart. Heartbeats, delays and time limits are wrong by as much.",
    nextStep: "Let both hosts set their clocks from the same time server.",
  },
};
