import { expect, it } from "vitest";
import { findCommandFault, splitCommand } from "./split-command";

it.each([
  ["gemini --acp -m gemini-3.1-pro", ["gemini", "--acp", "-m", "gemini-3.1-pro"]],
  ["  /opt/an\\ agent/bin  'two words' ", ["/opt/an agent/bin", "two words"]],
  ['agent "and \\"more\\""', ["agent", 'and "more"']],
  ["agent --x='a'\"b\"c ''", ["agent", "--x=abc", ""]],
  ["agent '$HOME' \"\\$HOME\" \\$HOME 'a;b|c'", ["agent", "$HOME", "$HOME", "$HOME", "a;b|c"]],
  ["agent a~b", ["agent", "a~b"]],
])("reads %s as one program and its arguments", (line, words) => {
  expect(splitCommand(line)).toEqual(words);
});

it.each([
  ["", /names no program/],
  ["   ", /names no program/],
  ["'' x", /names no program/],
  ["agent 'open", /not closed/],
  ['agent "open', /not closed/],
  ["agent \\", /not closed/],
  ["agent; rm -rf x", /“;” means nothing/],
  ["agent $(id)", /“\$” means nothing/],
  ['agent "$HOME"', /“\$” means nothing/],
  ["agent `id`", /“`” means nothing/],
  ["agent > file", /“>” means nothing/],
  ["agent\nother", /means nothing/],
  ["~/agent", /“~” means nothing/],
  ["KEY=value agent", /begins with a variable/],
  ["agent \0", /NUL/],
])("refuses %j, which is more than a program and its arguments", (line, why) => {
  expect(findCommandFault(line)).toMatch(why);
  expect(() => splitCommand(line)).toThrow(why);
});
