/** The sample repository's files as of its first commit. */
export const sampleFiles: Record<string, string> = {
  "README.md": `# Word counter

A tiny module to try Coppice on. It counts the words of a text.

    node --test          # run the tests; one of them fails
    node count.js FILE   # the most frequent words of a file

A good first message for an agent: “One test fails. Find out why and fix it.”
`,
  "package.json": `{
  "name": "word-counter",
  "version": "1.0.0",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test" }
}
`,
  ".gitignore": "node_modules/\n",
  "src/count-words.js": `/** Counts how often each word occurs. */
export function countWords(text) {
  const counts = new Map();
  for (const word of text.toLowerCase().split(/\\s+/)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
`,
  "test/count-words.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { countWords } from "../src/count-words.js";

test("counts a word as often as it occurs", () => {
  assert.equal(countWords("to be or not to be").get("be"), 2);
});

test("finds no word in an empty text", () => {
  assert.equal(countWords("").size, 0);
});
`,
};

/** What the second commit adds and changes. */
export const sampleFix: Record<string, string> = {
  "src/top-words.js": `import { countWords } from "./count-words.js";

const small = new Set(["a", "an", "and", "of", "or", "the", "to"]);

/** The most frequent words, those that say little left out. */
export function topWords(text, limit = 5) {
  return [...countWords(text)]
    .filter(([word]) => !small.has(word))
    .sort((one, other) => other[1] - one[1])
    .slice(0, limit);
}
`,
  "count.js": `import { readFileSync } from "node:fs";
import { topWords } from "./src/top-words.js";

for (const [word, times] of topWords(readFileSync(process.argv[2], "utf8"))) {
  console.log(times, word);
}
`,
};
