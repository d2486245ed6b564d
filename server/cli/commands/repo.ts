import path from "node:path";
import type { RepositoryView } from "@/server/domain/views";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import type { Json } from "../open-rest-client";
import { paintFor } from "../paint";
import { parseArguments, UsageError } from "../parse-arguments";
import { readAllPages } from "../read-all-pages";
import { setRepository, showRepositorySettings } from "../set-repository";
import { writeTable } from "../write-table";

export const repo: Command = {
  name: "repo",
  summary: "Register repositories, list them, set their checks: repo add | list | set",
  help: `
Usage: coppice repo add <path-or-url> [--name <name>] [--default-branch <branch>] [--json]
       coppice repo list [--json]
       coppice repo keep-at-origin <name> on|off [--json]
       coppice repo settings <name> [--json]
       coppice repo set <name> --file <settings.json> | --file - [--json]

set takes JSON with any of setUp, setUpWhen, tearDown, bringAlong, checks and checkRounds, from a file
or, as “-”, from standard input; what is left out stays as it is, and null takes a script away:

  {"setUp": {"command": "npm ci", "timeoutSeconds": 600}, "setUpWhen": "new_workspace",
   "bringAlong": [".env", "cache/**"], "checkRounds": 2,
   "checks": [{"name": "test", "command": "npm test", "timeoutSeconds": 900}]}

keep-at-origin pushes the work of each attempt that ends from then on to the origin too, under
refs/coppice/, so that another host can go on with it. A path is one on the worker's host. Without --name the last part of the path or address is the name.
`,
  async carryOut(context, [action, ...args]) {
    if (action === "add") return add(context, args);
    if (action === "list") return list(context, args);
    if (action === "keep-at-origin") return keepAtOrigin(context, args);
    if (action === "settings") return showRepositorySettings(context, args);
    if (action === "set") return setRepository(context, args);
    throw new UsageError(
      action
        ? `There is no “repo ${action}”.`
        : "Say what: repo add or repo list, repo settings, repo set or repo keep-at-origin.",
    );
  },
};

const addOptions = {
  name: { type: "string" },
  "default-branch": { type: "string" },
  json: { type: "boolean" },
} as const;

async function add({ terminal, client }: CommandContext, args: string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, addOptions, { least: 1 });
  const origin = readOrigin(positionals[0] ?? "", terminal.folder);
  const added = await client.send<Json<RepositoryView>>("POST", "/repositories", {
    name: values.name ?? nameOf(origin),
    origin,
    defaultBranch: values["default-branch"],
  });
  const said = `Registered ${added.name}: ${added.origin}, default branch ${added.defaultBranch}.\n`;
  await terminal.write(values.json ? `${JSON.stringify(added, null, 2)}\n` : said);
  return exitCodes.success;
}

async function keepAtOrigin({ terminal, client }: CommandContext, args: string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, { json: { type: "boolean" } }, { least: 2 });
  const [name = "", wish = ""] = positionals;
  if (wish !== "on" && wish !== "off") throw new UsageError(`Say “on” or “off”, not “${wish}”.`);
  const path = `/repositories/${encodeURIComponent(name)}/keep-at-origin`;
  const isKept = wish === "on";
  const changed = await client.send<Json<RepositoryView>>("POST", path, { isKept });
  const said = isKept
    ? `Work of ${changed.name} is pushed to its origin too, from the next end of an attempt on.\n`
    : `Work of ${changed.name} stays on its hosts. What was pushed stays at the origin.\n`;
  await terminal.write(values.json ? `${JSON.stringify(changed, null, 2)}\n` : said);
  return exitCodes.success;
}

/** An address stays as it is; anything else is a path, made absolute from the current folder. */
function readOrigin(text: string, folder: string): string {
  const isAddress = /^[a-z][a-z0-9+.-]*:/i.test(text) || /^[^/\s]+@[^/\s]+:/.test(text);
  return isAddress ? text : path.resolve(folder, text);
}

function nameOf(origin: string): string {
  const last =
    origin
      .replace(/\/+$/, "")
      .replace(/\/?\.git$/, "")
      .split(/[/:]/)
      .at(-1) ?? "";
  const name = last.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  if (name) return name;
  throw new UsageError(`No name can be made of “${origin}”: give one by --name.`);
}

async function list({ terminal, client }: CommandContext, args: string[]): Promise<number> {
  const { values } = parseArguments(args, { json: { type: "boolean" } });
  const items = await readAllPages<Json<RepositoryView>>(client, "/repositories");
  if (values.json)
    await terminal.write(`${JSON.stringify({ items, nextCursor: null }, null, 2)}\n`);
  else if (items.length === 0)
    await terminal.write("No repositories. Add one: coppice repo add <path-or-url>\n");
  else await terminal.write(writeRepositories(items, terminal));
  return exitCodes.success;
}

function writeRepositories(
  items: Json<RepositoryView>[],
  terminal: { hasColours: boolean; columns: number },
): string {
  return writeTable(
    items,
    [
      { title: "NAME", read: ({ name }) => name, style: () => "bold" },
      { title: "BRANCH", read: ({ defaultBranch }) => defaultBranch },
      { title: "RUNS", read: ({ runs }) => String(runs), isRight: true },
      { title: "WORKER", read: ({ worker }) => worker ?? "any" },
      { title: "ORIGIN", read: ({ origin }) => origin },
    ],
    { paint: paintFor(terminal), width: terminal.columns },
  );
}
