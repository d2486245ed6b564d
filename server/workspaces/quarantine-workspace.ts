import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { Conflict, NotFound } from "@/server/domain/errors";
import type { RepositoryId, WorkspaceId } from "@/server/domain/ids";
import { checkInstallation } from "./check-installation";
import { exists } from "./exists";
import { workspacePath } from "./layout";
import { quarantineFolder } from "./quarantine-folder";

export interface QuarantineWorkspace {
  home: string;
  installationId: string;
  repositoryId: RepositoryId;
  workspaceId: WorkspaceId;
  /** Where it goes, or is; recorded before. */
  target: string;
}

/**
 * Puts a workspace that could not be stored whole out of the way, as it is, with a note beside it. It
 * is one rename, so a kill leaves it here or there; done already is success.
 * @throws RemovalRefused (`other_installation`), NotFound when it is in neither place, Conflict.
 */
export async function quarantineWorkspace(
  input: QuarantineWorkspace & { why: string; now: Date },
): Promise<void> {
  const { home, target, why, now } = input;
  const folder = workspacePath(home, input.repositoryId, input.workspaceId);
  await checkInstallation(home, input.installationId);
  if (!(await exists(folder)) && (await exists(target))) return;
  await quarantineFolder({ home, folder, target, why, now });
}

/**
 * Puts a workspace back where it was, as it is; done already is success.
 * @throws Conflict when another folder is in its place, NotFound, RemovalRefused (`other_installation`).
 */
export async function releaseWorkspace(input: QuarantineWorkspace): Promise<void> {
  const { home, target, repositoryId, workspaceId } = input;
  const workspace = workspacePath(home, repositoryId, workspaceId);
  await checkInstallation(home, input.installationId);
  const [isBack, isAway] = await Promise.all([exists(workspace), exists(target)]);
  if (isBack && isAway) {
    throw new Conflict(`${workspace} is there already, so ${target} stays where it is.`, {
      hint: "Remove the workspace first, or copy what you need by hand.",
    });
  }
  if (isBack) return;
  if (!isAway) throw new NotFound("folder in quarantine", target);
  await mkdir(path.dirname(workspace), { recursive: true });
  await rename(target, workspace);
}
