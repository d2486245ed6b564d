import type { RunView } from "@/server/domain/run-view";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import { followOnTerminal } from "../follow-on-terminal";
import type { Json, RestClient } from "../open-rest-client";
import { paintFor } from "../paint";
import { parseArguments, parseNumber, UsageError } from "../parse-arguments";
import type { Terminal } from "../terminal";
import { writeRun } from "../write-run";

const options = {
  repo: { type: "string" },
  message: { type: "string", short: "m" },
  session: { type: "string" },
  workspace: { type: "string" },
  branch: { type: "string" },
  base: { type: "string" },
  priority: { type: "string" },
  "max-turns": { type: "string" },
  timeout: { type: "string" },
  "max-cost": { type: "string" },
  "max-tokens": { type: "string" },
  "max-output": { type: "string" },
  stall: { type: "string" },
  "idempotency-key": { type: "string" },
  follow: { type: "boolean" },
  json: { type: "boolean" },
} as const;

export const run: Command = {
  name: "run",
  summary: "Start a run of a workflow on a repository",
  help: `
Usage: coppice run <workflow> --repo <name> -m "<message>" [options]

  --repo <name>             the repository; with --session it is that of the session
  -m, --message <text>      what is to be done; “-” reads it from standard input
  --session <id>            go on with this session
  --workspace <kind>        temporary or persistent, instead of the workflow's own
  --branch <name>           the branch to work on
  --base <ref>              the branch, tag or commit to start from
  --priority <number>       higher ones begin first
  --max-turns <number>      limits of this run, instead of the workflow's own
  --timeout <seconds>
  --max-cost <dollars>
  --max-tokens <number>     input and output together, without what came out of the cache
  --max-output <bytes>
  --stall <seconds>         how long the agent may write nothing
  --idempotency-key <key>   the same key starts the run only once
  --follow                  show it until it ends; exit 0 succeeded, 2 failed (checks too),
                            3 cancelled. A run without changes succeeds: see its verdict
  --json                    print the run as JSON; with --follow when it has ended
`,
  async carryOut(context, args) {
    const { values, positionals } = parseArguments(args, options, { least: 1 });
    const message = await readMessage(context.terminal, values.message);
    const started = await context.client.send<Json<RunView>>("POST", "/runs", {
      workflow: positionals[0],
      repository: values.repo ?? (await repositoryOf(context.client, values.session)),
      message,
      sessionId: values.session,
      workspace: parseWorkspace(values.workspace),
      branch: values.branch,
      baseRef: values.base,
      priority: parseNumber(values.priority, "priority"),
      maxTurns: parseNumber(values["max-turns"], "max-turns"),
      timeoutSeconds: parseNumber(values.timeout, "timeout"),
      maxCostUsd: parseNumber(values["max-cost"], "max-cost"),
      maxTokens: parseNumber(values["max-tokens"], "max-tokens"),
      maxOutputBytes: parseNumber(values["max-output"], "max-output"),
      stallSeconds: parseNumber(values.stall, "stall"),
      idempotencyKey: values["idempotency-key"],
    });
    return showStarted(context, started, values);
  },
};

/** @throws UsageError when there is none. */
export async function readMessage(terminal: Terminal, given: string | undefined): Promise<string> {
  const message = given === "-" ? (await terminal.readInput()).replace(/\n$/, "") : given;
  if (message?.trim()) return message;
  throw new UsageError(
    "Say what is to be done: -m “<message>”, or -m - to read it from standard input.",
  );
}

async function repositoryOf(client: RestClient, session: string | undefined): Promise<string> {
  if (!session) throw new UsageError("Name the repository: --repo <name>.");
  const found = await client.get<{ repository: { name: string } }>(
    `/sessions/${encodeURIComponent(session)}`,
  );
  return found.repository.name;
}

function parseWorkspace(kind: string | undefined): string | undefined {
  if (kind === undefined || kind === "temporary" || kind === "persistent") return kind;
  throw new UsageError(`--workspace is temporary or persistent, not “${kind}”.`);
}

/** Shows a run that was just started, and follows it if that was asked for. */
export async function showStarted(
  context: CommandContext,
  started: Json<RunView>,
  { follow = false, json = false }: { follow?: boolean | undefined; json?: boolean | undefined },
): Promise<number> {
  const { terminal, client } = context;
  if (follow) {
    if (!json) await terminal.write(`Run #${started.number}  ${client.url}/runs/${started.id}\n`);
    return followOnTerminal(context, started, json);
  }
  await terminal.write(
    json
      ? `${JSON.stringify(started, null, 2)}\n`
      : writeRun(started, { paint: paintFor(terminal), url: client.url }),
  );
  return exitCodes.success;
}
