import type { MessageView } from "@/server/domain/conversation";
import type { Command } from "../command";
import { exitCodes } from "../exit-codes";
import { findRun } from "../find-run";
import type { Json } from "../open-rest-client";
import { parseArguments } from "../parse-arguments";
import { readMessage } from "./run";

const options = {
  message: { type: "string", short: "m" },
  "idempotency-key": { type: "string" },
  json: { type: "boolean" },
} as const;

export const steer: Command = {
  name: "steer",
  summary: "Send a message to a run's agent while it works",
  help: `
Usage: coppice steer <run> -m "<message>" [options]

  -m, --message <text>      what it is to know; “-” reads it from standard input
  --idempotency-key <key>   the same key sends the message only once
  --json                    print the message as JSON

The agent takes it in at its next step; the run's page shows what became of it.
`,
  async carryOut({ terminal, client }, args) {
    const { values, positionals } = parseArguments(args, options, { least: 1 });
    const text = await readMessage(terminal, values.message);
    const { run } = await findRun(client, positionals[0] ?? "");
    const sent = await client.send<Json<MessageView>>("POST", `/runs/${run.id}/messages`, {
      text,
      idempotencyKey: values["idempotency-key"],
    });
    const said = `The message is queued for run #${run.number}; its agent is given it at once when it works.`;
    await terminal.write(values.json ? `${JSON.stringify(sent, null, 2)}\n` : `${said}\n`);
    return exitCodes.success;
  },
};
