import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { crashAt } from "@/server/domain/crash-points";
import type { RepositoryId, WorkspaceId } from "@/server/domain/ids";
import { checkInstallation } from "./check-installation";
import { deleteTree } from "./delete-tree";
import { exists } from "./exists";
import { git } from "./git";
import { mirrorPath, shadowPath, trashPath, workspacePath } from "./layout";
import type { WorkspaceProof } from "./prove-workspace";
import { type RefusalReason, RemovalRefused } from "./removal-refused";

export interface RemoveWorkspace {
  home: string;
  installationId: string;
  repositoryId: RepositoryId;
  workspaceId: WorkspaceId;
  capture: WorkspaceProof;
  /** What git ignores there was kept beside the branches, or may go. */
  mayLoseIgnored?: boolean;
  /** A person has seen that a rebase, merge or the like is unfinished there and gives it up. */
  mayLoseUnfinished?: boolean;
}

const maxProofAgeMs = 5 * 60 * 1000;

/**
 * Deletes a workspace after proving that all its work is in the mirror. It is renamed into the trash
 * first, so that a kill leaves either a whole workspace or trash. Gone already is success.
 * @returns the bytes are freed by `emptyTrash` at the latest.
 * @throws RemovalRefused with the reason; then nothing was touched.
 */
export async function removeWorkspace(input: RemoveWorkspace): Promise<void> {
  const { home, repositoryId, workspaceId } = input;
  const workspace = workspacePath(home, repositoryId, workspaceId);
  await checkInstallation(home, input.installationId);
  if (await exists(workspace)) {
    checkProof(input);
    await checkMirror(input);
    const trash = path.join(trashPath(home), `${workspaceId}-${randomUUID()}`);
    await mkdir(trashPath(home), { recursive: true });
    await rename(workspace, trash);
    await crashAt("mid:unlink");
    await deleteTree(trash);
  }
  await deleteTree(shadowPath(home, workspaceId));
}

/** Deletes what a killed removal left in the trash. */
export async function emptyTrash(home: string, installationId: string): Promise<number> {
  await checkInstallation(home, installationId);
  if (!(await exists(trashPath(home)))) return 0;
  const names = await readdir(trashPath(home));
  for (const name of names) await deleteTree(path.join(trashPath(home), name));
  return names.length;
}

function checkProof(input: RemoveWorkspace): void {
  const { workspaceId, capture: proof, mayLoseIgnored, mayLoseUnfinished } = input;
  const again = "Capture the workspace again.";
  const { capture, collected } = proof;
  const refuse = (reason: RefusalReason, message: string, hint: string) => {
    throw new RemovalRefused(reason, message, hint);
  };
  if (proof.workspaceId !== workspaceId) {
    refuse("wrong_proof", "The capture is of another workspace.", again);
  }
  if (Date.now() - proof.takenAt.getTime() > maxProofAgeMs) {
    refuse("old_proof", "The capture is too old to vouch for what is there now.", again);
  }
  if (capture.leftOut.length > 0) {
    const names = capture.leftOut.slice(0, 5).map((left) => `${left.path} (${left.why})`);
    refuse("files_left_out", `Some files are not stored: ${names.join(", ")}.`, "Move them away.");
  }
  if (!collected.isComplete) {
    const why = collected.problem ?? "its commits could not be read";
    refuse(
      "commits_left_out",
      `Its commits are not all stored: ${why}.`,
      "Look at its git folder.",
    );
  }
  if (collected.state.unfinished.length > 0 && !mayLoseUnfinished) {
    const what = collected.state.unfinished.join(" and ");
    refuse("unfinished_work", `A ${what} is unfinished there.`, "Finish it, or give it up.");
  }
  if (capture.ignoredFiles > 0 && !mayLoseIgnored) {
    const message = `It holds ${capture.ignoredFiles} ignored files or folders, which are not stored.`;
    refuse("ignored_files", message, "Confirm that they may go.");
  }
}

/** What the proof names must be there now, whole, each commit under a ref. */
async function checkMirror({ home, repositoryId, capture: proof }: RemoveWorkspace): Promise<void> {
  const options = { home, gitDir: mirrorPath(home, repositoryId) };
  const { filesCommit, capture, collected } = proof;
  const refs = new Map(collected.refs.map(({ name, sha }) => [name, sha]));
  if (capture.ref && capture.sha) refs.set(capture.ref, capture.sha);
  const asked = [...refs.keys(), `${filesCommit}^{tree}`];
  const [looked, holders, isWhole] = await Promise.all([
    git(["cat-file", "--batch-check=%(objectname)"], {
      ...options,
      input: `${asked.join("\n")}\n`,
    }),
    git(["for-each-ref", "--count=1", "--format=%(refname)", `--contains=${filesCommit}`], options),
    hasAllObjects([filesCommit, ...refs.values()], options),
  ]);
  const found = looked.stdout.toString().trim().split("\n");
  const tree = found.at(-1) ?? "";
  const isTreeThere = capture.tree ? tree === capture.tree : !tree.endsWith(" missing");
  const isThere = isTreeThere && found.slice(0, -1).join("\n") === [...refs.values()].join("\n");
  if (isThere && isWhole && holders.stdout.length > 0) return;
  throw new RemovalRefused(
    "not_in_mirror",
    "The mirror does not hold what the capture names.",
    "Capture the workspace again; nothing was removed.",
  );
}

/** Every file, tree and commit that the origin's branches do not hold anyway: git stops at a missing one. */
async function hasAllObjects(
  shas: string[],
  options: { home: string; gitDir: string },
): Promise<boolean> {
  const args = ["rev-list", "--objects", "--quiet", ...shas, "--not", "--remotes=origin"];
  const asked = await git(args, { ...options, okExitCodes: [0, 128], timeoutSeconds: 600 });
  return asked.exitCode === 0;
}
