import type { Command, CommandContext } from "../command";
import { exitCodeOf, exitCodes } from "../exit-codes";
import { findRun } from "../find-run";
import { followRun, readBody } from "../follow-run";
import { parseArguments, parseNumber, UsageError } from "../parse-arguments";

const options = {
  follow: { type: "boolean", short: "f" },
  attempt: { type: "string" },
  stderr: { type: "boolean" },
  from: { type: "string" },
} as const;

export const output: Command = {
  name: "output",
  summary: "Print the raw output of a run",
  help: `
Usage: coppice output <run> [options]

  -f, --follow         go on until the run ends; exit 0 succeeded, 2 failed, 3 cancelled
  --attempt <number>   an earlier attempt's output
  --stderr             what the agent wrote to stderr, where it is kept apart
  --from <byte>        begin at this byte
`,
  async carryOut(context, args) {
    const { values, positionals } = parseArguments(args, options, { least: 1 });
    const isPart = values.attempt ?? values.stderr ?? values.from;
    if (values.follow && isPart !== undefined) {
      throw new UsageError(
        "--follow shows the whole output: it goes with none of the other options.",
      );
    }
    const { run } = await findRun(context.client, positionals[0] ?? "");
    if (values.follow) return follow(context, run.id);
    const response = await context.client.open(`/runs/${run.id}/output`, {
      attempt: parseNumber(values.attempt, "attempt"),
      from: parseNumber(values.from, "from"),
      stream: values.stderr ? "stderr" : undefined,
    });
    for await (const bytes of readBody(response)) await context.terminal.write(bytes);
    return exitCodes.success;
  },
};

async function follow({ client, terminal }: CommandContext, runId: string): Promise<number> {
  const ended = await followRun(client, runId, {
    onOutput: (bytes) => terminal.write(bytes),
    onTrouble: (message) => terminal.complain(`coppice: ${message}`),
    pollMs: terminal.pollMs,
  });
  return exitCodeOf(ended.status);
}
