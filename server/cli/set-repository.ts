import { readFile } from "node:fs/promises";
import path from "node:path";
import type { RepositorySettingsView, Script } from "@/server/domain/workspace-commands";
import type { CommandContext } from "./command";
import { exitCodes } from "./exit-codes";
import type { Json } from "./open-rest-client";
import { parseArguments, UsageError } from "./parse-arguments";

const asJson = { json: { type: "boolean" } } as const;

/** `repo set`: changes what a JSON file, or standard input, says of a repository's settings. */
export async function setRepository(context: CommandContext, args: string[]): Promise<number> {
  const options = { ...asJson, file: { type: "string" } } as const;
  const { values, positionals } = parseArguments(args, options, { least: 1 });
  const [name = ""] = positionals;
  if (values.file === undefined) {
    throw new UsageError("Name the settings: --file <settings.json>, or --file - to read them.");
  }
  const settings = parseSettings(await readSettings(context, values.file));
  const changed = await context.client.send<Json<RepositorySettingsView>>(
    "PATCH",
    `/repositories/${encodeURIComponent(name)}`,
    settings,
  );
  return show(context, name, changed, values.json ?? false);
}

/** `repo settings`: what is set now, in the form that `repo set` takes. */
export async function showRepositorySettings(
  context: CommandContext,
  args: string[],
): Promise<number> {
  const { values, positionals } = parseArguments(args, asJson, { least: 1 });
  const [name = ""] = positionals;
  const found = await context.client.get<Json<RepositorySettingsView>>(
    `/repositories/${encodeURIComponent(name)}/settings`,
  );
  return show(context, name, found, values.json ?? false);
}

async function readSettings({ terminal }: CommandContext, file: string): Promise<string> {
  if (file === "-") return terminal.readInput();
  try {
    return await readFile(path.resolve(terminal.folder, file), "utf8");
  } catch (error) {
    throw new UsageError(`“${file}” cannot be read: ${(error as Error).message}`);
  }
}

function parseSettings(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Record<string, unknown>;
    }
  } catch (error) {
    throw new UsageError(`The settings are no JSON: ${(error as Error).message}`);
  }
  throw new UsageError("The settings are to be one JSON object.");
}

async function show(
  { terminal }: CommandContext,
  name: string,
  settings: Json<RepositorySettingsView>,
  isJson: boolean,
): Promise<number> {
  await terminal.write(
    isJson ? `${JSON.stringify(settings, null, 2)}\n` : writeSettings(name, settings),
  );
  return exitCodes.success;
}

function writeSettings(name: string, settings: Json<RepositorySettingsView>): string {
  const { setUp, setUpWhen, tearDown, bringAlong, checks, checkRounds } = settings;
  const when = setUpWhen === "every_run" ? "before every run" : "once in a new workspace";
  const lines = [
    name,
    `  set-up       ${writeScript(setUp)}${setUp ? `, ${when}` : ""}`,
    `  tear-down    ${writeScript(tearDown)}`,
    `  brought      ${bringAlong.join(", ") || "nothing"}`,
    `  checks       ${checks.length === 0 ? "none" : `sent back ${checkRounds} times at most`}`,
    ...checks.map((check) => `    ${check.name}: ${writeScript(check)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function writeScript(script: Script | null): string {
  if (!script) return "none";
  const [first = "", ...more] = script.command.trim().split("\n");
  return `${first}${more.length > 0 ? " …" : ""} (at most ${script.timeoutSeconds} s)`;
}
