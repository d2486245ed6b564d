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
  /** The commit in the mirror that holds the files: the snapshot, or `parent` if they equal it. */
  filesCommit: Sha;
  capture: WorkspaceCapture;
  collected: CollectedCommits;
}

/**
 * Captures the files and collects the commits of a workspace whose processes are gone.
 * @throws NotFound when the folder is gone, GitFailed.
 */
export async function proveWorkspace(
  input: CaptureWorkspace & { branch: string },
): Promise<WorkspaceProof> {
  const takenAt = new Date();
  const capture = await captureWorkspace(input);
  const collected = await collectCommits(input);
  const filesCommit = capture.sha ?? input.parent;
  return { workspaceId: input.workspaceId, takenAt, filesCommit, capture, collected };
}
