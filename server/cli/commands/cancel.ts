import type { RunView } from "@/server/domain/run-view";
import type { Command } from "../command";
import { exitCodes } from "../exit-codes";
import { findRun } from "../find-run";
import type { Json } from "../open-rest-client";
import { parseArguments } from "../parse-arguments";

const options = { reason: { type: "string" }, json: { type: "boolean" } } as const;

export const cancel: Command = {
  name: "cancel",
  summary: "Cancel a run; its work is kept",
  help: `
Usage: coppice cancel <run> [--reason <text>] [--json]

A run that an agent works on ends when its processes are dead and its work is kept.
`,
  async carryOut({ terminal, client }, args) {
    const { values, positionals } = parseArguments(args, options, { least: 1 });
    const { run } = await findRun(client, positionals[0] ?? "");
    const cancelled = await client.send<Json<RunView>>("POST", `/runs/${run.id}/cancel`, {
      reason: values.reason,
    });
    const said =
      cancelled.status === "cancelled"
        ? `Run #${cancelled.number} is cancelled.`
        : `Run #${cancelled.number} is ${cancelled.status} and will end as cancelled.`;
    await terminal.write(values.json ? `${JSON.stringify(cancelled, null, 2)}\n` : `${said}\n`);
    return exitCodes.success;
  },
};
