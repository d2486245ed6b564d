import { expect, it } from "vitest";
import { columns, rows } from "./testing-columns";
import { describeTable } from "./testing-table";

const passed = columns.flatMap(({ label, notOffered }) =>
  rows
    .filter((row) => notOffered[row] === undefined)
    .map((row) => ({ column: label, row, status: "passed" })),
);

it("writes a cell for every row of every agent, passed or with the reason why not", () => {
  const page = describeTable(columns, passed, { "opencode-ai": "1.2.3" });
  const lines = page.split("\n").filter((line) => line.startsWith("|"));
  expect(lines).toHaveLength(rows.length + 3);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(page).toContain("1.2.3");
  const reasons = columns.flatMap(({ notOffered }) => Object.values(notOffered));
  for (const reason of reasons) expect(page).toContain(reason);
  expect(page.match(/not offered \(\d+\)/g)).toHaveLength(reasons.length);
});

it("leaves no cell out in silence", () => {
  const [first, ...rest] = passed;
  expect(() => describeTable(columns, rest, {})).toThrow(/was not tried/);
  const failed = { column: "", row: "", ...first, status: "failed" };
  expect(() => describeTable(columns, [failed, ...rest], {})).toThrow(/: failed/);
});
