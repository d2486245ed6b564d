import {
  addDays,
  dayOf,
  dayPattern,
  type UsageReport,
  type UsageSum,
  usageGroupSchema,
} from "@/server/domain/usage-report";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import { paintFor } from "../paint";
import { parseArguments, UsageError } from "../parse-arguments";
import { writeTable } from "../write-table";

const options = {
  by: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  workflow: { type: "string" },
  repo: { type: "string" },
  session: { type: "string" },
  agent: { type: "string" },
  model: { type: "string" },
  person: { type: "string" },
  json: { type: "boolean" },
} as const;

export const usage: Command = {
  name: "usage",
  summary: "Tokens and money that agents used",
  help: `
Usage: coppice usage [options]

  --by <what>          workflow (the default), day, repository, session, agent, model, person
  --since <when>       a number of days such as 7d, or a day such as 2026-01-31; 30d if left out
  --until <day>        the last day counted in; today if left out
  --workflow <name>    only this; likewise:
  --repo <name>
  --session <id>
  --agent <agent>
  --model <model>
  --person <who>       as runs name it, e.g. member:Ada
  --json               print the whole report

Only what agents tell is counted. Codex tells no cost; what is unknown is counted, never taken for 0.
Days are those of UTC.
`,
  async carryOut({ terminal, client }, args) {
    const { values } = parseArguments(args, options);
    const report = await client.get<UsageReport>("/usage", {
      by: parseGroup(values.by),
      since: parseSince(values.since, new Date()),
      until: values.until,
      workflow: values.workflow,
      repository: values.repo,
      session: values.session,
      agent: values.agent,
      model: values.model,
      createdBy: values.person,
    });
    await terminal.write(
      values.json ? `${JSON.stringify(report, null, 2)}\n` : writeReport(report, terminal),
    );
    return exitCodes.success;
  },
};

function parseGroup(given: string | undefined): string | undefined {
  if (given === undefined || usageGroupSchema.safeParse(given).success) return given;
  throw new UsageError(`“${given}” is none of ${usageGroupSchema.options.join(", ")}.`);
}

function parseSince(given: string | undefined, now: Date): string | undefined {
  if (given === undefined || dayPattern.test(given)) return given;
  const days = /^(\d{1,3})d$/.exec(given)?.[1];
  if (days && Number(days) > 0) return addDays(dayOf(now), 1 - Number(days));
  throw new UsageError(
    `--since takes a number of days such as 7d, or a day such as 2026-01-31, not “${given}”.`,
  );
}

function writeReport(report: UsageReport, terminal: CommandContext["terminal"]): string {
  const { by, since, until, groups, total, isCut } = report;
  if (groups.length === 0) return `Nothing was used from ${since} to ${until}.\n`;
  const rows = [...groups, { ...total, name: "in all" }];
  const table = writeTable<UsageSum & { name: string }>(
    rows,
    [
      { title: "RUNS", read: ({ runs }) => String(runs), isRight: true },
      { title: "INPUT", read: (row) => writeTokens(row.inputTokens), isRight: true },
      { title: "CACHED", read: (row) => writeTokens(row.cachedTokens), isRight: true },
      { title: "OUTPUT", read: (row) => writeTokens(row.outputTokens), isRight: true },
      { title: "COST", read: (row) => writeCost(row.costUsd), isRight: true },
      { title: "COST UNKNOWN", read: writeUnknown, isRight: true },
      { title: by.toUpperCase(), read: ({ name }) => name },
    ],
    { paint: paintFor(terminal), width: terminal.columns },
  );
  return isCut ? `${table}There are more; narrow it down.\n` : table;
}

function writeTokens(count: number | null): string {
  return count === null ? "unknown" : count.toLocaleString("en-US");
}

function writeCost(usd: number | null): string {
  return usd === null ? "unknown" : `$${usd.toFixed(usd > 0 && usd < 0.01 ? 4 : 2)}`;
}

function writeUnknown({ unknownCostRuns }: UsageSum): string {
  if (unknownCostRuns === 0) return "";
  return `${unknownCostRuns} ${unknownCostRuns === 1 ? "run" : "runs"}`;
}
