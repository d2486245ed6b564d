import { NotFound } from "@/server/domain/errors";
import type { Sha } from "@/server/domain/ids";
import type { IgnoredChoice } from "@/server/domain/workspace-audit";
import type { CaptureWorkspace, LeftOut } from "./capture-workspace";
import { collectNested } from "./collect-nested";
import { isOwnFolder } from "./is-own-folder";
import { type KeptFiles, keepFiles } from "./keep-files";
import { workspacePath } from "./layout";
import { openToReading } from "./open-to-reading";
import { printableName } from "./printable-name";
import { proveWorkspace, type WorkspaceProof } from "./prove-workspace";
import { surveyWorkspace, type WorkspaceSurvey } from "./survey-workspace";

export interface KeepWorkspace extends CaptureWorkspace {
  branch: string;
  ignored: IgnoredChoice;
  /** Files of it that were kept beside the branches before. */
  keptFilesCommit?: Sha | null;
}

export interface KeptWorkspace {
  /** Its capture names as left out only what is stored nowhere. */
  proof: WorkspaceProof;
  /** What was kept beside the branches. */
  beside: KeptFiles;
}

/**
 * Stores all that a workspace holds, for the time when its folder is gone: files in a snapshot, commits
 * under keep refs, those of repositories inside too; what belongs on no branch (ignored, huge, in
 * submodules) beside the branches. Doing it again stores nothing twice.
 * @throws NotFound when the folder is gone, GitFailed. Nothing of the workspace is deleted here.
 */
export async function keepWorkspace(input: KeepWorkspace): Promise<KeptWorkspace> {
  const workspace = workspacePath(input.home, input.repositoryId, input.workspaceId);
  if (!(await isOwnFolder(workspace))) throw new NotFound("workspace folder", workspace);
  await openToReading(workspace);
  const survey = await surveyWorkspace(input);
  const histories = await collectNested(input, survey.nested);
  const proof = await proveWorkspace(input);
  const names = chooseBeside(survey, input.ignored);
  const beside = await keepFiles({
    ...input,
    names,
    previous: input.keptFilesCommit,
    isSha256: input.parent.length === 64,
  });
  const stored = new Set(beside.commit ? names : []);
  const left = [
    ...dropStored(proof.capture.leftOut, stored),
    ...beside.leftOut,
    ...histories,
    ...survey.unreadable.map(({ path, why }) => ({ path: printableName(path), why })),
  ];
  const leftOut = [...new Map(left.map((one) => [one.path, one])).values()];
  return { proof: { ...proof, capture: { ...proof.capture, leftOut } }, beside };
}

function chooseBeside(survey: WorkspaceSurvey, choice: IgnoredChoice): string[] {
  return [
    ...survey.large,
    ...survey.submodules,
    ...(choice === "drop" ? [] : survey.ignored),
    ...(choice === "keep_all" ? survey.rebuildable : []),
  ];
}

/** Two names of other bytes may look the same, so each stored one answers for one that was left out. */
function dropStored(leftOut: LeftOut[], stored: Set<string>): LeftOut[] {
  const answered = [...stored].map((name) => printableName(name).replace(/\/$/, ""));
  return leftOut.filter(({ path }) => {
    const at = answered.indexOf(path.replace(/\/$/, ""));
    if (at < 0) return true;
    answered.splice(at, 1);
    return false;
  });
}
