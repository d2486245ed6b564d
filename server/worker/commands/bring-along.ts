import { existsSync } from "node:fs";
import path from "node:path";
import { describeError } from "@/server/domain/errors";
import { parseOrigin } from "@/server/domain/git-names";
import { bringFilesAlong } from "@/server/workspaces/bring-files-along";
import { AttemptFailed } from "../attempt-failed";
import { assertHeld, type WorkerContext } from "../context";
import type { Work } from "../load-work";
import type { CommandSite, RunCommand } from "./command-site";
import { endCommand } from "./end-command";

const namedAtMost = 10;

/**
 * Brings along what a repository names, and commits what came of it. Done again after a crash, it
 * completes what is missing.
 * @throws AttemptFailed (`setup_failed`) when it is too much or cannot be copied.
 */
export async function bringAlong(
  context: WorkerContext,
  site: CommandSite,
  work: Work,
  row: RunCommand,
): Promise<RunCommand> {
  const from = findFolder(context, work);
  const end = { exitCode: null, exitSignal: null };
  if (!from) {
    const note = "was not done: the origin is no folder that is worked in on this worker's host";
    return endCommand(context, site, row, { ...end, state: "skipped", note });
  }
  try {
    const brought = await bringFilesAlong({
      home: context.home,
      repositoryId: site.repositoryId,
      workspaceId: site.workspaceId,
      from,
      patterns: row.command.split("\n"),
      parent: work.workspace.headCommit ?? site.baseCommit,
      confine: context.confine,
      signal: site.signal,
    });
    const note = describeBrought(brought);
    return await endCommand(context, site, row, { ...end, exitCode: 0, state: "passed", note });
  } catch (error) {
    assertHeld(site);
    const why = describeError(error);
    await endCommand(context, site, row, { ...end, state: "failed", note: `failed: ${why}` });
    throw new AttemptFailed("setup_failed", `Files could not be brought along: ${why}`, error);
  }
}

/** Null where the origin is elsewhere, or bare: nobody's ignored files lie there. */
function findFolder(context: WorkerContext, { repository }: Work): string | null {
  const origin = parseOrigin(repository.origin);
  if (origin.kind !== "local" || repository.workerId !== context.worker.id) return null;
  return existsSync(path.join(origin.path, ".git")) ? origin.path : null;
}

function describeBrought(brought: Awaited<ReturnType<typeof bringFilesAlong>>): string {
  const { files, bytes, leftOut } = brought;
  const size = bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
  const named = leftOut.slice(0, namedAtMost).map((left) => `${left.path} (${left.why})`);
  const rest = leftOut.length - named.length;
  const left = [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
  const came = `copied ${files} ${files === 1 ? "file" : "files"} (${size})`;
  return leftOut.length === 0 ? came : `${came} and left out ${left}`;
}
