"use client";
import { formatBytes } from "@/components/ui/format-number";
import {
  type FindingKind,
  findingOutcomes,
  type IgnoredChoice,
  type WorkspaceFinding,
} from "@/server/domain/workspace-audit";

const nouns = {
  unrecorded_files: ["file changed since the last capture", "files changed since the last capture"],
  uncollected_commits: ["ref with new commits", "refs with new commits"],
  hidden_changes: ["change hidden from git", "changes hidden from git"],
  nested_repositories: ["repository inside", "repositories inside"],
  submodule_files: ["file in a submodule", "files in submodules"],
  large_files: ["file too large for a snapshot", "files too large for a snapshot"],
  ignored_files: ["ignored file", "ignored files"],
  rebuildable_files: [
    "ignored file that a build makes again",
    "ignored files that a build makes again",
  ],
  unfinished_work: ["unfinished git operation", "unfinished git operations"],
  outward_links: ["link out of the workspace", "links out of the workspace"],
  planted_programs: ["program in git's settings or hooks", "programs in git's settings and hooks"],
  special_files: ["pipe, socket or device", "pipes, sockets or devices"],
  empty_folders: ["empty folder", "empty folders"],
  unreadable: ["file that cannot be read", "files that cannot be read"],
  git_unusable: ["git folder that cannot be read", "git folders that cannot be read"],
} as const satisfies Record<FindingKind, readonly [string, string]>;

const fates = {
  kept: "kept",
  kept_beside: "kept beside the branches",
  gone: "will be gone",
  quarantine: "cannot be stored",
} as const;

/** What an audit found, each with what a removal does with it under this choice. */
export function AuditFindings({
  findings,
  ignored,
}: {
  findings: WorkspaceFinding[];
  ignored: IgnoredChoice;
}) {
  if (findings.length === 0) {
    return <p className="text-sm text-quiet">Nothing lies there that is not kept already.</p>;
  }
  return (
    <ul aria-label="What lies in the workspace" className="rounded-md border text-sm">
      {findings.map((finding) => {
        const { kind, count, bytes, examples } = finding;
        const fate = fateOf(kind, ignored);
        const isLoss = fate === fates.gone || fate === fates.quarantine;
        return (
          <li key={kind} className="border-b px-3 py-1.5 last:border-b-0">
            <span className="flex justify-between gap-3">
              <span>
                {count} {nouns[kind][count === 1 ? 0 : 1]}
                {bytes !== null && `, ${formatBytes(bytes)}`}
              </span>
              <span className={isLoss ? "shrink-0 text-warn" : "shrink-0 text-quiet"}>{fate}</span>
            </span>
            <span
              className="block truncate font-mono text-xs text-faint"
              title={examples.join("\n")}
            >
              {examples.join(", ")}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function fateOf(kind: FindingKind, ignored: IgnoredChoice): string {
  const outcome = findingOutcomes[kind];
  if (outcome !== "choice") return fates[outcome];
  const isKept = kind === "ignored_files" ? ignored !== "drop" : ignored === "keep_all";
  return isKept ? fates.kept_beside : fates.gone;
}
