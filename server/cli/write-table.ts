import type { Paint, Style } from "./paint";

export interface Column<Row> {
  title: string;
  read: (row: Row) => string;
  style?: (row: Row) => Style;
  isRight?: boolean;
}

/** Rows in aligned columns; the last column is cut at the terminal's edge. */
export function writeTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { paint, width }: { paint: Paint; width: number },
): string {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.read(row))));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((line) => (line[index] ?? "").length)),
  );
  const before = widths.slice(0, -1).reduce((sum, cell) => sum + cell + 2, 0);
  const lastWidth = Math.max(20, width - before);
  const place = (text: string, index: number) => {
    if (index === columns.length - 1) return cut(text, lastWidth);
    const size = widths[index] ?? 0;
    return columns[index]?.isRight ? text.padStart(size) : text.padEnd(size);
  };
  const head = columns.map(({ title }, index) => paint("dim", place(title, index))).join("  ");
  const lines = rows.map((row, line) =>
    columns
      .map((column, index) => {
        const text = place(cells[line]?.[index] ?? "", index);
        return column.style ? paint(column.style(row), text) : text;
      })
      .join("  ")
      .trimEnd(),
  );
  return `${[head.trimEnd(), ...lines].join("\n")}\n`;
}

/** Without control characters: what an agent or a stranger wrote cannot move the cursor. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
