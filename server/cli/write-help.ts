import type { Command } from "./command";
import { commands } from "./find-command";

const started = [
  ["start", "Start everything: database, web and worker"],
  ["web", "Start the web alone (needs DATABASE_URL)"],
  ["worker", "Start a worker alone (needs DATABASE_URL)"],
] as const;

export function writeHelp(): string {
  const rows = [...started, ...commands.map(({ name, summary }) => [name, summary] as const)];
  const lines = rows.map(([name, summary]) => `  ${name.padEnd(12)}${summary}`);
  return `Coppice runs coding agents on your team's git repositories.

Usage: coppice <command> [arguments]

${lines.join("\n")}
  ${"help".padEnd(12)}Show this, or “coppice help <command>”
  ${"--version".padEnd(12)}Show the version

Environment:
  COPPICE_URL     where Coppice runs (http://127.0.0.1:3000)
  COPPICE_TOKEN   an API token; an admin makes one on the page Settings

Exit codes: 0 success, 1 error, 2 run failed, 3 run cancelled, 64 wrong usage.
`;
}

export function writeCommandHelp({ summary, help }: Command): string {
  return `${summary}.\n\n${help.trim()}\n`;
}
