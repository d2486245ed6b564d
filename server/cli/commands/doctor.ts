import type { DoctorReport } from "@/server/domain/difference";
import { DomainError } from "@/server/domain/errors";
import type { Command } from "../command";
import { examineWorkers, type Finding } from "../examine-workers";
import { exitCodes } from "../exit-codes";
import { fixDifferences } from "../fix-differences";
import type { Json, RestClient } from "../open-rest-client";
import { type Paint, paintFor } from "../paint";
import { parseArguments, UsageError } from "../parse-arguments";
import { writeDifference } from "../write-difference";
import { writeAge } from "../write-duration";

type Report = Json<DoctorReport>;

export const doctor: Command = {
  name: "doctor",
  summary: "Compare database, disks, git and processes; mend what differs",
  help: `
Usage: coppice doctor [--fix] [--yes] [--json]

Has every host looked at and tells each difference with the facts it rests on. With --fix it says, for
each that can be mended, exactly what it would do, and does it once you agree; --yes agrees to all.

Looking needs a token of the role operator, mending one of the role admin. Exits with 1 when a
difference remains, a live worker did not answer, there is none, or no agent can be used.
`,
  async carryOut(context, args) {
    const flag = { type: "boolean" } as const;
    const { values } = parseArguments(args, { fix: flag, yes: flag, json: flag });
    if (values.json && values.fix && !values.yes) {
      throw new UsageError("--json with --fix needs --yes, because nothing can be asked.");
    }
    const { terminal, client } = context;
    const findings = await examineWorkers(client);
    let { report, notice } = await lookAnew(client);
    if (notice) terminal.complain(notice);
    if (values.fix) {
      await fixDifferences(context, report.differences, Boolean(values.yes));
      ({ report, notice } = await lookAnew(client));
    }
    const isBroken =
      findings.some(({ grade }) => grade === "broken") ||
      report.differences.length > 0 ||
      report.hosts.some(({ isAlive, problem }) => isAlive && problem !== null);
    const paint = paintFor(terminal);
    await terminal.write(
      values.json
        ? `${JSON.stringify({ isBroken, findings, report }, null, 2)}\n`
        : `${[...findings.map((each) => writeFinding(each, paint)), ...writeReport(report, paint)].join("\n")}\n`,
    );
    return isBroken ? exitCodes.error : exitCodes.success;
  },
};

/** Whoever may not have hosts looked at is shown what was found last. */
async function lookAnew(client: RestClient): Promise<{ report: Report; notice: string | null }> {
  try {
    return { report: await client.send<Report>("POST", "/doctor/check", {}), notice: null };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "not_allowed") throw error;
    const notice = "This token may not have hosts looked at: shown is what was found last.";
    return { report: await client.get<Report>("/doctor"), notice };
  }
}

const marks = { good: ["green", "✓"], note: ["yellow", "!"], broken: ["red", "✗"] } as const;

function writeFinding({ grade, text, hint }: Finding, paint: Paint): string {
  const [style, mark] = marks[grade];
  return `${paint(style, mark)} ${text}${hint ? `\n  ${paint("dim", hint)}` : ""}`;
}

function writeReport({ hosts, compared, counts, differences }: Report, paint: Paint): string[] {
  const total = counts.critical + counts.warning + counts.note;
  const hidden = total - differences.length;
  return [
    "",
    `Compared: ${listCounts(compared)}.`,
    ...hosts.map((host) => `  ${writeHost(host)}`),
    "",
    ...differences.flatMap((difference) => [writeDifference(difference, paint), ""]),
    ...(hidden > 0 ? [`${hidden} more are not listed; mend these first.`] : []),
    total === 0
      ? `${paint("green", "✓")} No differences.`
      : `${total} ${total === 1 ? "difference" : "differences"}: ${counts.critical} critical, ${counts.warning} warnings, ${counts.note} notes.`,
  ];
}

function writeHost({ worker, isAlive, at, isJudged, compared, problem }: Report["hosts"][number]) {
  if (problem) return `${worker}: ${problem}`;
  if (!at) return `${worker}: ${isAlive ? "not looked at yet" : "away, and never looked at"}`;
  const age = `looked at ${writeAge(at, new Date())}${isAlive ? "" : "; it is away now"}`;
  return isJudged ? `${worker}: ${listCounts(compared)}; ${age}` : `${worker}: unknown; ${age}`;
}

function listCounts(compared: Report["compared"]): string {
  return compared.map(({ what, count }) => `${count} ${what}`).join(", ");
}
