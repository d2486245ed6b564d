import path from "node:path";
import type { HostRows, WorkspaceRow } from "@/server/differences/read-host-rows";
import { type Difference, describeDifference, type OfferedFix } from "@/server/domain/difference";
import type { HostFolder } from "@/server/workspaces/list-host-folders";
import type { HostFacts } from "./host-facts";

/** Folders against rows, and rows against folders. `madeBefore`: a folder in the making is younger. */
export function compareFolders(
  facts: HostFacts,
  rows: HostRows,
  before: Date,
  madeBefore: Date,
): Difference[] {
  const { workspaces, spares, shadows, mirrors } = facts.folders;
  const rowOf = new Map<string, WorkspaceRow>(rows.workspaces.map((row) => [row.id, row]));
  const halfMade = [
    // A checkout is made by a held run, which its row tells; of the others only their age tells.
    ...workspaces.filter((folder) => folder.changedAt <= before && !isHeld(rowOf, folder)),
    ...[...spares, ...shadows, ...mirrors].filter((folder) => folder.changedAt <= madeBefore),
  ].filter(({ isHalfMade }) => isHalfMade);
  return [
    ...halfMade.map((folder) => describeHalfMade(facts, folder)),
    ...workspaces
      .filter((folder) => !folder.isHalfMade && !isKnown(rowOf, folder, before))
      .map((folder) => describeUnknown(facts, rows, folder, rowOf.get(folder.id ?? ""))),
    ...rows.workspaces.flatMap((row) => findMissingFolder(facts, row, before)),
    ...findShadows(facts, rowOf, before),
    ...findControls(facts, rows),
  ];
}

function isHeld(rowOf: Map<string, WorkspaceRow>, { id }: HostFolder): boolean {
  return (rowOf.get(id ?? "")?.heldBy ?? null) !== null;
}

function isKnown(rowOf: Map<string, WorkspaceRow>, folder: HostFolder, before: Date): boolean {
  const row = rowOf.get(folder.id ?? "");
  if (!row || row.path !== folder.path) return false;
  if (row.state === "planned") return row.heldBy !== null;
  if (row.state !== "removed") return true;
  return row.removedAt !== null && row.removedAt > before;
}

function describeHalfMade(facts: HostFacts, folder: HostFolder): Difference {
  return describeDifference({
    kind: "half_made_folder",
    of: folder.path,
    workerId: facts.workerId,
    title: `${path.basename(folder.path)} was never finished.`,
    subject: { path: folder.path },
    evidence: { folder: folder.path, "changed last": folder.changedAt },
    fixes: [{ action: "remove_half_made", steps: [`Delete ${folder.path}.`] }],
  });
}

function describeUnknown(
  facts: HostFacts,
  rows: HostRows,
  folder: HostFolder,
  row: WorkspaceRow | undefined,
): Difference {
  const repository = rows.repositories.find(({ id }) => id === folder.repositoryId);
  const isUsed = facts.processes.some(({ workspacePath }) => workspacePath === folder.path);
  const isOurs = !row || (row.workerId === facts.workerId && row.path === folder.path);
  const mayAdopt = folder.id !== null && repository !== undefined && isOurs;
  return describeDifference({
    kind: "folder_without_row",
    of: folder.path,
    workerId: facts.workerId,
    title: row
      ? `A folder is there for a workspace that the database calls ${row.state}.`
      : "A folder among the workspaces is none that the database knows.",
    subject: {
      path: folder.path,
      ...(row ? { workspaceId: row.id } : {}),
      ...(repository ? { repositoryId: repository.id, repository: repository.name } : {}),
    },
    evidence: {
      folder: folder.path,
      "changed last": folder.changedAt,
      row: row ? `${row.id}, ${row.state}, at ${row.path ?? "no path"}` : null,
      repository: repository?.name ?? null,
      "processes at work in it": isUsed ? "yes" : "no",
    },
    fixes: [
      ...(mayAdopt ? [adopts(folder, row)] : []),
      ...(isUsed ? [] : [quarantines(facts.home, folder.path, facts.lookedAt)]),
    ],
  });
}

function adopts(folder: HostFolder, row: WorkspaceRow | undefined): OfferedFix {
  const name = nameAdopted(folder.id ?? "");
  const steps = row
    ? [`Set the row of workspace ${row.id} to ready. The folder stays as it is.`]
    : [
        `Make a row for it: a persistent workspace ${name} at ${folder.path}. The folder stays as it is.`,
      ];
  return { action: "adopt", steps };
}

export function nameAdopted(id: string): string {
  return `adopted-${id.slice(0, 8)}`;
}

function quarantines(home: string, folder: string, now: Date): OfferedFix {
  const target = placeInQuarantine(home, folder, now);
  return {
    action: "quarantine",
    steps: [
      `Write ${target}.note.txt, which says where the folder came from.`,
      `Rename ${folder} to ${target}. Nothing in it is changed or deleted.`,
    ],
  };
}

/** `<date>-<name>`, the name being its path below the home, so that two of a kind do not meet. */
export function placeInQuarantine(home: string, folder: string, now: Date): string {
  const name = path.relative(home, folder).split(path.sep).join("-");
  return path.join(home, "quarantine", `${now.toISOString().slice(0, 10)}-${name}`);
}

function findMissingFolder(facts: HostFacts, row: WorkspaceRow, before: Date): Difference[] {
  if (row.state !== "ready" || row.workerId !== facts.workerId || row.path === null) return [];
  if ((row.usedAt ?? row.createdAt) > before) return [];
  if (facts.folders.workspaces.some((folder) => folder.path === row.path)) return [];
  const isHeldBy = row.heldBy !== null;
  return [
    describeDifference({
      kind: "row_without_folder",
      of: row.id,
      workerId: facts.workerId,
      title: `Workspace ${row.id.slice(0, 8)} is ready in the database, and its folder is gone.`,
      subject: { workspaceId: row.id, path: row.path },
      evidence: {
        state: row.state,
        folder: row.path,
        "used last": row.usedAt,
        "held by run": row.heldBy,
      },
      fixes: isHeldBy
        ? []
        : [
            {
              action: "mark_removed",
              steps: [
                `Set the row of workspace ${row.id} to removed. The next run makes the folder again from the mirror.`,
              ],
            },
          ],
    }),
  ];
}

function findShadows(
  facts: HostFacts,
  rowOf: Map<string, WorkspaceRow>,
  before: Date,
): Difference[] {
  const { workspaces, spares, shadows } = facts.folders;
  const ids = new Set([...workspaces, ...spares].map(({ id }) => id));
  return shadows
    .filter(({ isHalfMade, changedAt }) => !isHalfMade && changedAt <= before)
    .filter(({ id }) => !ids.has(id) && isGone(rowOf.get(id ?? ""), before))
    .map((shadow) =>
      describeDifference({
        kind: "shadow_without_workspace",
        of: shadow.path,
        workerId: facts.workerId,
        title: `${path.basename(shadow.path)} belongs to no workspace.`,
        subject: { path: shadow.path },
        evidence: {
          folder: shadow.path,
          "row of the workspace": rowOf.get(shadow.id ?? "")?.state ?? null,
        },
        fixes: [quarantines(facts.home, shadow.path, facts.lookedAt)],
      }),
    );
}

function isGone(row: WorkspaceRow | undefined, before: Date): boolean {
  return !row || (row.state === "removed" && (row.removedAt ?? before) <= before);
}

function findControls(facts: HostFacts, rows: HostRows): Difference[] {
  const known = new Set(rows.attempts.map(({ controlPath }) => controlPath));
  return facts.controls
    .filter((control) => !known.has(control.path))
    .map((control) => {
      const phase = control.state?.phase ?? "absent";
      const isAlive = phase === "starting" || phase === "ready" || phase === "running";
      return describeDifference({
        kind: "control_without_attempt",
        of: control.path,
        workerId: facts.workerId,
        title: `The control folder of attempt ${path.basename(control.path)} of run ${control.runId.slice(0, 8)} has no row.`,
        subject: { path: control.path },
        evidence: { folder: control.path, "what it says": phase },
        fixes: isAlive ? [] : [quarantines(facts.home, control.path, facts.lookedAt)],
      });
    });
}
