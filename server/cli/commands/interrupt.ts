import type { ConversationView } from "@/server/domain/conversation";
import type { Command } from "../command";
import { exitCodes } from "../exit-codes";
import { findRun } from "../find-run";
import type { Json } from "../open-rest-client";
import { parseArguments } from "../parse-arguments";

const options = { json: { type: "boolean" } } as const;

export const interrupt: Command = {
  name: "interrupt",
  summary: "End the turn of a run's agent, but not the run",
  help: `
Usage: coppice interrupt <run> [--json]

Messages that are queued are its next turn. With none, the run waits for one (“coppice steer”), and ends
as cancelled when its deadline passes or “coppice answer <run> deny” says that nothing follows.
`,
  async carryOut({ terminal, client }, args) {
    const { values, positionals } = parseArguments(args, options, { least: 1 });
    const { run } = await findRun(client, positionals[0] ?? "");
    const path = `/runs/${run.id}/interrupt`;
    const view = await client.send<Json<ConversationView>>("POST", path, {});
    const said = `The agent of run #${run.number} is interrupted. Say what comes next: coppice steer ${run.number} -m "…"`;
    await terminal.write(values.json ? `${JSON.stringify(view, null, 2)}\n` : `${said}\n`);
    return exitCodes.success;
  },
};
