import { describeCommandEnd } from "@/server/domain/checking";
import type { RunEventKind } from "@/server/domain/run-events";
import type { CommandKind, CommandState } from "@/server/domain/workspace-commands";
import { appendEvent, type EventFact } from "@/server/runs/append-event";
import { awaitDatabase } from "../await-database";
import { type WorkerContext, workerActor } from "../context";
import type { CommandSite, RunCommand } from "./command-site";
import { findCommand, writeCommand } from "./write-command";

/** How a command came to its end. */
export interface CommandEnd {
  state: CommandState;
  exitCode: number | null;
  exitSignal: string | null;
  note: string | null;
}

type EndSite = Pick<CommandSite, "runId" | "fence" | "signal" | "attemptNumber">;

const endKinds = {
  bring_along: "set_up_ended",
  set_up: "set_up_ended",
  check: "check_ended",
  tear_down: "tear_down_ended",
} as const satisfies Record<CommandKind, RunEventKind>;

/** Commits how a command ended, and tells it in an event: both or neither. */
export async function endCommand(
  context: WorkerContext,
  site: EndSite,
  command: RunCommand,
  end: CommandEnd,
): Promise<RunCommand> {
  const endedAt = new Date();
  const write = () =>
    context.db.transaction(async (tx) => {
      const row = await writeCommand(tx, site, command, { ...end, endedAt });
      const actor = workerActor(context);
      await appendEvent(tx, { runId: site.runId, actor, ...describeEnd(site, row), now: endedAt });
      return row;
    });
  return awaitDatabase(context, site, write, () =>
    findCommand(context.db, command, (row) => row.state === end.state),
  );
}

const what = (row: RunCommand) =>
  ({
    bring_along: "Bringing files along",
    set_up: "The set-up",
    check: `Check “${row.name}”`,
    tear_down: "The tear-down",
  })[row.kind];

function describeEnd({ attemptNumber }: EndSite, row: RunCommand): EventFact {
  const { startedAt, endedAt, id, name, state, exitCode, exitSignal } = row;
  const ms = startedAt && endedAt ? endedAt.getTime() - startedAt.getTime() : null;
  const after = ms === null ? "" : ` after ${(ms / 1000).toFixed(1)} s`;
  return {
    kind: endKinds[row.kind],
    data: {
      text: `${what(row)} ${describeCommandEnd(row)}${after}.`,
      attempt: attemptNumber,
      command: { id, name, state, exitCode, exitSignal, ms },
    },
  };
}
