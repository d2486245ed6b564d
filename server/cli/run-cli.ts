import { version } from "@/package.json";
import { DomainError } from "@/server/domain/errors";
import { exitCodes } from "./exit-codes";
import { findCommand } from "./find-command";
import { openRestClient } from "./open-rest-client";
import { UsageError } from "./parse-arguments";
import type { Terminal } from "./terminal";
import { writeCommandHelp, writeHelp } from "./write-help";

/** Carries out one call of `coppice`. @returns the exit code; it never throws what a user can cause. */
export async function runCli(args: string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-v") {
    await terminal.write(`coppice ${version}\n`);
    return exitCodes.success;
  }
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    return showHelp(terminal, rest[0], name === undefined);
  }
  const command = findCommand(name);
  if (!command) return refuse(terminal, `There is no command “${name}”.`, "coppice help");
  if (rest.includes("--help") || rest.includes("-h")) return showHelp(terminal, name, false);
  try {
    return await command.carryOut({ terminal, client: openRestClient(terminal.environment) }, rest);
  } catch (error) {
    if (error instanceof UsageError) {
      return refuse(terminal, error.message, `coppice help ${name}`);
    }
    return report(terminal, error);
  }
}

async function showHelp(terminal: Terminal, name: string | undefined, isMistake: boolean) {
  const command = name === undefined ? undefined : findCommand(name);
  if (name !== undefined && !command) {
    return refuse(terminal, `There is no command “${name}”.`, "coppice help");
  }
  await terminal.write(command ? writeCommandHelp(command) : writeHelp());
  return isMistake ? exitCodes.usage : exitCodes.success;
}

function refuse(terminal: Terminal, message: string, help: string): number {
  terminal.complain(`coppice: ${message}`);
  terminal.complain(`See “${help}”.`);
  return exitCodes.usage;
}

function report(terminal: Terminal, error: unknown): number {
  if (!(error instanceof DomainError)) {
    terminal.complain(
      `coppice: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
    );
    return exitCodes.error;
  }
  terminal.complain(`coppice: ${error.message}`);
  for (const [field, message] of Object.entries(error.fields ?? {})) {
    if (!error.message.includes(message)) terminal.complain(`  ${field}: ${message}`);
  }
  if (error.hint) terminal.complain(error.hint);
  return exitCodes.error;
}
