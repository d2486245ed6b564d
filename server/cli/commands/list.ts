import { runStatusSchema } from "@/server/domain/run-status";
import type { RunSummary } from "@/server/domain/run-view";
import type { Command } from "../command";
import { exitCodes } from "../exit-codes";
import type { Json } from "../open-rest-client";
import { paintFor, statusStyles } from "../paint";
import { parseArguments, parseNumber, UsageError } from "../parse-arguments";
import { writeAge } from "../write-duration";
import { writeTable } from "../write-table";

const options = {
  status: { type: "string", multiple: true },
  workflow: { type: "string" },
  repo: { type: "string" },
  session: { type: "string" },
  workspace: { type: "string" },
  by: { type: "string" },
  limit: { type: "string" },
  cursor: { type: "string" },
  json: { type: "boolean" },
} as const;

export const list: Command = {
  name: "list",
  summary: "List runs, newest first",
  help: `
Usage: coppice list [words] [options]

  --status <status>    several with commas: queued, preparing, running, waiting, finishing,
                       succeeded, failed, cancelled
  --workflow <name>    runs of any version of it
  --repo <name>
  --session <id>
  --workspace <id>
  --by <who>           as runs name it, e.g. member:Ada
  --limit <number>     how many at most (50, up to 200)
  --cursor <cursor>    the page after the one that gave it out
  --json               print {items, nextCursor}

Words are looked for in messages and branches.
`,
  async carryOut({ terminal, client }, args) {
    const { values, positionals } = parseArguments(args, options, { most: 1 });
    const page = await client.get<{ items: Json<RunSummary>[]; nextCursor: string | null }>(
      "/runs",
      {
        status: parseStatuses(values.status),
        workflow: values.workflow,
        repository: values.repo,
        session: values.session,
        workspace: values.workspace,
        createdBy: values.by,
        q: positionals[0],
        limit: parseNumber(values.limit, "limit"),
        cursor: values.cursor,
      },
    );
    await terminal.write(
      values.json ? `${JSON.stringify(page, null, 2)}\n` : writeRuns(page.items, terminal),
    );
    if (!values.json && page.nextCursor) terminal.complain(`More: --cursor ${page.nextCursor}`);
    return exitCodes.success;
  },
};

function parseStatuses(given: string[] = []): string[] {
  const statuses = given.flatMap((text) => text.split(",")).filter(Boolean);
  const stranger = statuses.find((status) => !runStatusSchema.safeParse(status).success);
  if (stranger === undefined) return statuses;
  throw new UsageError(`“${stranger}” is no status: ${runStatusSchema.options.join(", ")}.`);
}

function writeRuns(
  runs: Json<RunSummary>[],
  terminal: { hasColours: boolean; columns: number },
): string {
  if (runs.length === 0) return "No runs.\n";
  const now = new Date();
  return writeTable(
    runs,
    [
      { title: "RUN", read: (run) => `#${run.number}` },
      { title: "STATUS", read: (run) => run.status, style: (run) => statusStyles[run.status] },
      { title: "WORKFLOW", read: (run) => run.workflow.name },
      { title: "REPOSITORY", read: (run) => run.repository.name },
      { title: "CREATED", read: (run) => writeAge(run.createdAt, now), isRight: true },
      { title: "MESSAGE", read: (run) => run.title },
    ],
    { paint: paintFor(terminal), width: terminal.columns },
  );
}
