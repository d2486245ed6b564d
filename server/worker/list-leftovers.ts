import type { Leftover } from "@/server/ledger/record-leftovers";
import type { WorkspaceCapture } from "@/server/workspaces/capture-workspace";

/** What a capture saw in a workspace and stored in no commit. */
export function listLeftovers(capture: WorkspaceCapture): Leftover[] {
  const { leftOut, nestedRepositories, ignoredFiles } = capture;
  const ignored: Leftover = {
    reason: "ignored",
    path: "What git ignores",
    why: `${ignoredFiles} ignored ${ignoredFiles === 1 ? "file or folder" : "files and folders"}; not stored.`,
  };
  return [
    ...leftOut.map(({ path, why }) => ({ reason: "left_out" as const, path, why })),
    ...nestedRepositories.map((path) => ({
      reason: "nested_repository" as const,
      path,
      why: "Its files are stored as plain files; its own commits, as far as they could be read, in keep refs.",
    })),
    ...(ignoredFiles > 0 ? [ignored] : []),
  ];
}
