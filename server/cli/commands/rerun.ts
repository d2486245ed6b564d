import type { RunView } from "@/server/domain/run-view";
import type { Command } from "../command";
import { findRun } from "../find-run";
import type { Json } from "../open-rest-client";
import { parseArguments } from "../parse-arguments";
import { readMessage, showStarted } from "./run";

const options = {
  message: { type: "string", short: "m" },
  base: { type: "string" },
  follow: { type: "boolean" },
  json: { type: "boolean" },
} as const;

export const rerun: Command = {
  name: "rerun",
  summary: "Run an ended run again, as a new run from the same base",
  help: `
Usage: coppice rerun <run> [options]

  -m, --message <text>   another message; “-” reads it from standard input
  --base <ref>           another branch, tag or commit to start from
  --follow               show it until it ends; exit 0 succeeded, 2 failed, 3 cancelled
  --json                 print the new run as JSON
`,
  async carryOut(context, args) {
    const { values, positionals } = parseArguments(args, options, { least: 1 });
    const { run } = await findRun(context.client, positionals[0] ?? "");
    const message =
      values.message === undefined
        ? undefined
        : await readMessage(context.terminal, values.message);
    const started = await context.client.send<Json<RunView>>("POST", `/runs/${run.id}/rerun`, {
      message,
      baseRef: values.base,
    });
    return showStarted(context, started, values);
  },
};
