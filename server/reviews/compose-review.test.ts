import { expect, test } from "vitest";
import { composeReview } from "./compose-review";

const comment = {
  path: "a.ts",
  side: "new" as const,
  line: 3,
  endLine: 3,
  quote: "",
  body: "Why?",
};

test("says each comment with its file, its lines and the quoted code", () => {
  const text = composeReview(null, [
    { ...comment, quote: "let a = 1;\n" },
    { ...comment, path: "b c.ts", side: "old", line: 4, endLine: 6, body: " Keep it. " },
  ]);
  expect(text).toBe(
    [
      "I reviewed your changes. Please address these 2 comments.",
      "1. `a.ts`, line 3:",
      "```\nlet a = 1;\n```",
      "Why?",
      "2. `b c.ts`, lines 4-6 before your changes:",
      "Keep it.",
    ].join("\n\n"),
  );
});

test("begins with the note, and lets no quoted code end its own quotation", () => {
  expect(composeReview("  Nice.  ", [])).toBe("Nice.");
  expect(composeReview("Nice.", [comment])).toBe("Nice.\n\n1. `a.ts`, line 3:\n\nWhy?");
  expect(composeReview(null, [comment])).toContain("Please address this comment.");
  const text = composeReview(null, [{ ...comment, quote: "```js\nx\n````" }]);
  expect(text).toContain("\n`````\n```js\nx\n````\n`````\n");
});
