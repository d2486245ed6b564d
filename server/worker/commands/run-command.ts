import { eq } from "drizzle-orm";
import { commandOutput } from "@/db/schema";
import { proveDead } from "@/server/agents/prove-dead";
import { readControl } from "@/server/agents/read-control";
import { awaitDatabase } from "../await-database";
import type { WorkerContext } from "../context";
import type { CommandSite, RunCommand } from "./command-site";
import { endCommand } from "./end-command";
import { followCommand } from "./follow-command";
import { launchCommand, letCommandGo } from "./launch-command";
import { findCommand, writeCommand } from "./write-command";

/** A keeper that dies again and again has a cause that another try does not mend. */
const maxTries = 3;

export interface RunCommandOptions {
  /** Where a further try has its control folder; null: a lost command is not started again. */
  nextControlPath: ((tries: number) => string) | null;
  /** Asked now and then: whether an operator wants it stopped. */
  isCancelAsked?: () => Promise<boolean>;
}

/**
 * Runs a planned command to its end, or goes on with one that a worker before us began: its keeper
 * holds it meanwhile. When it ends, nothing that it started is alive, and all it printed, as far as the
 * limit allows, is stored.
 * @returns its row, over now.
 * @throws HoldEnded when the signal fires: the command goes on then; AttemptSuperseded.
 */
export async function runCommand(
  context: WorkerContext,
  site: CommandSite,
  planned: RunCommand,
  options: RunCommandOptions,
): Promise<RunCommand> {
  let command = planned;
  for (;;) {
    const begun = await beginOrFind(context, site, command);
    if (begun) {
      const { row, end } = await followCommand(context, site, begun, options.isCancelAsked);
      command = row;
      if (end.state !== "lost") return endCommand(context, site, command, end);
    }
    const { isDead, survivors } = await proveDead({ controlPath: command.controlPath, mark: site });
    if (!isDead || !options.nextControlPath || command.tries >= maxTries) {
      const note = isDead ? null : `cannot be ended: processes ${survivors.join(", ")} are alive`;
      const lost = { state: "lost", exitCode: null, exitSignal: null, note } as const;
      return endCommand(context, site, command, lost);
    }
    command = await planAgain(context, site, command, options.nextControlPath(command.tries + 1));
  }
}

/** A worker may have died between the row and the go. */
async function beginOrFind(context: WorkerContext, site: CommandSite, command: RunCommand) {
  if (command.state !== "running") return launchCommand(context, site, command);
  const { phase } = readControl(command.controlPath);
  if (phase === "ready" || phase === "running") await letCommandGo(command.controlPath);
  return command;
}

/** What the lost try printed goes with it: the output is that of one process. */
async function planAgain(
  context: WorkerContext,
  site: CommandSite,
  command: RunCommand,
  controlPath: string,
): Promise<RunCommand> {
  const write = () =>
    context.db.transaction(async (tx) => {
      const row = await writeCommand(tx, site, command, {
        state: "planned",
        tries: command.tries + 1,
        controlPath,
        outputBytes: 0,
        redactorState: null,
      });
      await tx.delete(commandOutput).where(eq(commandOutput.commandId, command.id));
      return row;
    });
  return awaitDatabase(context, site, write, () =>
    findCommand(context.db, command, (row) => row.controlPath === controlPath),
  );
}
