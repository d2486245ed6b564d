import { expect, it } from "vitest";
import { readAnsi } from "./read-ansi";

const textOf = (line: string) =>
  readAnsi(line)
    .map(({ text }) => text)
    .join("");

it("shows colours and nothing else that a terminal could be told to do", () => {
  expect(readAnsi("\u001b[1;31mred\u001b[0m plain")).toEqual([
    { text: "red", className: "ansi-red-fg font-semibold" },
    { text: " plain", className: "" },
  ]);
});

it.each([
  ["a link", "\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\", "click"],
  ["a write to the clipboard", "a\u001b]52;c;cm0gLXJmIC8=\u0007b", "ab"],
  ["a title", "a\u001b]0;root@host\u0007b", "ab"],
  ["moves of the cursor", "a\u001b[2J\u001b[1;1H\u001b[5A\u001b[Kb", "ab"],
  ["another charset", "a\u001b(0b", "ab"],
  ["a mode of the keyboard", "a\u001b[?2004h\u001b=b", "ab"],
])("drops %s", (_, line, shown) => {
  expect(textOf(line)).toBe(shown);
});

it("shows no more than the beginning of a line with a million colours", () => {
  const line = "\u001b[31mx\u001b[32my".repeat(1_000_000);
  const spans = readAnsi(line);
  expect(spans.length).toBeLessThan(2_000);
  expect(spans.at(-1)?.text).toContain("more characters");
});

it("hands markup on as text", () => {
  expect(textOf("\u001b[31m<script>alert(1)</script>")).toBe("<script>alert(1)</script>");
});
