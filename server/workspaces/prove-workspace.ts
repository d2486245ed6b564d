import type { Sha, WorkspaceId } from "@/server/domain/ids";
import {
  type CaptureWorkspace,
  captureWorkspace,
  type WorkspaceCapture,
} from "./capture-workspace";
import { type CollectedCommits, collectCommits } from "./collect-commits";

/** Shows that everything a workspace holds is in the mirror: what a removal asks for. */
export interface WorkspaceProof {
  workspaceId: WorkspaceId;
  takenAt: Date;
  /** The commit in the mirror that holds the files: the snapshot, or the branch's head if they equal it. */
  filesCommit: Sha;
  capture: WorkspaceCapture;
  collected: CollectedCommits;
}

/**
 * Collects the commits of a workspace whose processes are gone and captures its files as a child of the
 * branch's head, which may have moved since it was recorded.
 * @throws NotFound when the folder is gone, GitFailed.
 */
export async function proveWorkspace(
  input: CaptureWorkspace & { branch: string },
): Promise<WorkspaceProof> {
  const takenAt = new Date();
  const collected = await collectCommits(input);
  const parent = collected.headCommit ?? input.parent;
  const capture = await captureWorkspace({ ...input, parent });
  const filesCommit = capture.sha ?? parent;
  return { workspaceId: input.workspaceId, takenAt, filesCommit, capture, collected };
}
