import { type Column, type Row, rows } from "./testing-columns";

export interface RowResult {
  column: string;
  row: string;
  status: string;
}

/**
 * The page of what each agent was seen to do, as Markdown. Every cell is a test that passed, or a
 * footnote that says why there is none.
 * @throws Error when a cell is neither: nothing is left out in silence.
 */
export function describeTable(
  columns: readonly Column[],
  results: readonly RowResult[],
  versions: Record<string, string>,
): string {
  const notes: string[] = [];
  const cells = rows.map((row) => [row, ...columns.map((column) => cellOf(column, row))]);
  function cellOf(column: Column, row: Row): string {
    const reason = column.notOffered[row];
    if (reason !== undefined) {
      notes.push(`${column.label}, ${row}. ${reason}`);
      return `not offered (${notes.length})`;
    }
    const result = results.find((one) => one.column === column.label && one.row === row);
    if (result?.status === "passed") return "passed";
    throw new Error(`${column.label}: ${row}: ${result?.status ?? "was not tried"}`);
  }
  const head = ["", ...columns.map(({ label }) => label)];
  const version = [
    "version",
    ...columns.map(({ packageName }) => versions[packageName ?? ""] ?? "–"),
  ];
  return [
    intro,
    ...drawTable([head, version, ...cells]),
    "",
    "## Not offered",
    "",
    ...notes.map((note, index) => `${index + 1}. ${note}`),
    "",
  ].join("\n");
}

const intro = `# Agents

What each agent does under Coppice. \`npm run test:agents\` writes this page: it drives the real programs as a
worker does (keeper, spool, sandbox, driver) against a model that plays a script, and every “passed” is a test
that passed. Claude Code, Codex and the shell are tried by every \`npm test\` too.

Which of them a host has, and what to type where one is missing, is on the page Agents and in \`coppice agents\`.
`;

function drawTable(lines: string[][]): string[] {
  const widths = (lines[0] ?? []).map((_, at) =>
    Math.max(...lines.map((line) => (line[at] ?? "").length), 3),
  );
  const draw = (line: string[]) =>
    `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const [head = [], ...rest] = lines;
  return [draw(head), draw(widths.map((width) => "-".repeat(width))), ...rest.map(draw)];
}
