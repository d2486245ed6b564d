import { lstat, unlink } from "node:fs/promises";
import { NotFound } from "@/server/domain/errors";
import { looksRebuildable } from "@/server/domain/rebuildable-files";
import type { CaptureWorkspace, LeftOut } from "./capture-workspace";
import { findChanges } from "./find-changes";
import { findHiddenFiles } from "./find-hidden-files";
import { inspectGitState, type WorkspaceGitState } from "./inspect-git-state";
import { isOwnFolder } from "./is-own-folder";
import { mirrorPath, workspacePath } from "./layout";
import { type CaptureIndex, openCaptureIndex } from "./open-capture-index";
import { joinRaw } from "./raw-path";
import { findFilledSubmodules, maxSnapshotFileBytes } from "./stage-changes";
import { surveyTree, type TreeSurvey } from "./survey-tree";

export type SurveyWorkspace = Pick<
  CaptureWorkspace,
  "home" | "repositoryId" | "workspaceId" | "parent" | "confine" | "signal"
>;

/** Everything in a workspace that a removal has to answer for; names are raw bytes in latin1 strings. */
export interface WorkspaceSurvey extends TreeSurvey {
  state: WorkspaceGitState;
  /** Files that changed since they were last captured, hidden ones among them. */
  changed: string[];
  deleted: string[];
  /** Changed files that the agent's index was told not to look at. */
  hidden: string[];
  /** Changed files too large for a snapshot. */
  large: string[];
  /** Submodules with files in them. */
  submodules: string[];
  ignored: string[];
  rebuildable: string[];
  unreadable: LeftOut[];
}

/**
 * Looks at all that lies in a workspace, with the private index and our config; nothing of the agent's
 * is run and nothing is changed. No process of an agent may be alive.
 * @throws GitFailed
 */
export async function surveyWorkspace(input: SurveyWorkspace): Promise<WorkspaceSurvey> {
  const workspace = workspacePath(input.home, input.repositoryId, input.workspaceId);
  if (!(await isOwnFolder(workspace))) throw new NotFound("workspace folder", workspace);
  const state = await inspectGitState(workspace, mirrorPath(input.home, input.repositoryId));
  const index = await openCaptureIndex(input, workspace);
  try {
    const changes = await findChanges(index);
    const passedOver = changes.ignoredNames.filter(looksRebuildable);
    const [hidden, submodules, tree] = await Promise.all([
      findHiddenFiles(index),
      findFilledSubmodules(index),
      surveyTree(workspace, passedOver),
    ]);
    return {
      ...tree,
      state,
      changed: changes.files,
      deleted: changes.deleted,
      hidden: changes.files.filter((name) => hidden.has(name)),
      large: await findLarge(index, changes.files),
      submodules,
      ignored: changes.ignoredNames.filter((name) => !looksRebuildable(name)),
      rebuildable: passedOver,
      unreadable: [...changes.unreadable, ...tree.unreadable],
    };
  } finally {
    await unlink(index.file).catch(whenGone);
  }
}

async function findLarge(index: CaptureIndex, names: string[]): Promise<string[]> {
  const large: string[] = [];
  for (const name of names) {
    const facts = await lstat(joinRaw(index.workspace, name)).catch(whenGone);
    if (facts && facts.size > maxSnapshotFileBytes) large.push(name);
  }
  return large;
}

function whenGone(error: NodeJS.ErrnoException): null {
  if (!["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ENAMETOOLONG"].includes(error.code ?? "")) {
    throw error;
  }
  return null;
}
