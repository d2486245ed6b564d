import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CaseResult } from "./run-case";
import { sumCases, tabulateCases } from "./show-results";

/** Keeps the figures in `.coppice/crash.json`, and those of a whole run in the documents too. */
export function writeReport(projectFolder: string, results: CaseResult[], isWhole: boolean): void {
  const scratch = path.join(projectFolder, ".coppice");
  mkdirSync(scratch, { recursive: true });
  writeFileSync(path.join(scratch, "crash.json"), `${JSON.stringify(results, null, 2)}\n`);
  if (!isWhole) return;
  writeFileSync(path.join(projectFolder, "docs", "crash-tests.md"), compose(results));
}

function compose(results: CaseResult[]): string {
  const sums = sumCases(results).map(([words, sum]) => `| ${words} | ${sum} |`);
  return `${introduction}
${tabulateCases(results)}

| sum | |
| --- | --- |
${sums.join("\n")}
`;
}

const introduction = `# Crash tests

\`npm run test:crash\` kills each part of Coppice at each act outside the database and proves that
nothing is lost. It writes this page; \`npm test\` runs about half of the cases. \`-- --only <point>\` runs
those of one point, \`-- --victim <name>\` those of one victim.

Each case is an installation of its own with real processes: a PostgreSQL, a worker, its keeper, a shell
agent, and a web process where it matters. The agent prints numbered lines, commits once and leaves files
uncommitted. At the point (\`server/domain/crash-points.ts\`) the victim dies by SIGKILL; where it is not the
process that passes the point, that one is held there meanwhile. PostgreSQL is stopped as by
\`pg_ctl stop -m immediate\`; *machine* is every process at once; *reboot* is the same with another boot id
and every recorded pid used again by an innocent process. Then all is started as a supervisor would.

When the run has ended, the case is compared: output byte for byte with the spool, commits and left files
with what the agent says it made, events with the table of statuses and with a reader of the stream that
came back after each break, attempts with what is allowed, and the processes, jobs and folders that are
left. Only the death of an agent costs an attempt.

A shell agent takes no message, so \`mid:handover\` is not in the table: the test in
\`server/worker/conversation\` kills a worker there that drives a real Claude Code.

`;
