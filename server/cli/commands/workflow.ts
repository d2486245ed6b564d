import type { WorkflowView } from "@/server/domain/views";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import { importWorkflows } from "../import-workflows";
import type { Json, RestClient } from "../open-rest-client";
import { paintFor } from "../paint";
import { parseArguments, UsageError } from "../parse-arguments";
import { readAllPages } from "../read-all-pages";
import { writeTable } from "../write-table";

export const workflow: Command = {
  name: "workflow",
  summary: "List, export and import workflows: workflow list | export | import",
  help: `
Usage: coppice workflow list [--json]
       coppice workflow export [<name> …]   all of them without a name; JSON on standard output
       coppice workflow import <file> …     JSON as export writes it; “-” reads standard input

An import makes what is new and gives what exists a new version, if it differs.
`,
  async carryOut(context, [action, ...args]) {
    if (action === "list") return list(context, args);
    if (action === "export") return exportAll(context, args);
    if (action === "import") {
      const { positionals } = parseArguments(args, {}, { least: 1, most: 100 });
      return importWorkflows(context, positionals);
    }
    throw new UsageError(
      action ? `There is no “workflow ${action}”.` : "Say what: workflow list, export or import.",
    );
  },
};

async function list({ terminal, client }: CommandContext, args: string[]): Promise<number> {
  const { values } = parseArguments(args, { json: { type: "boolean" } });
  const items = await readAllPages<Json<WorkflowView>>(client, "/workflows");
  const table = () =>
    writeTable(
      items,
      [
        { title: "NAME", read: ({ name }) => name, style: () => "bold" },
        { title: "VERSION", read: ({ version }) => String(version), isRight: true },
        { title: "AGENT", read: ({ agent }) => agent },
        { title: "RUNS", read: ({ runs }) => String(runs), isRight: true },
        { title: "DESCRIPTION", read: ({ description }) => description },
      ],
      { paint: paintFor(terminal), width: terminal.columns },
    );
  await terminal.write(
    values.json ? `${JSON.stringify({ items, nextCursor: null }, null, 2)}\n` : table(),
  );
  return exitCodes.success;
}

async function exportAll({ terminal, client }: CommandContext, args: string[]): Promise<number> {
  const { positionals } = parseArguments(args, {}, { most: 100 });
  const views = await readViews(client, positionals);
  const exported = views.map(toFile);
  const content = positionals.length === 1 ? exported[0] : exported;
  await terminal.write(`${JSON.stringify(content, null, 2)}\n`);
  return exitCodes.success;
}

async function readViews(client: RestClient, names: string[]): Promise<Json<WorkflowView>[]> {
  if (names.length === 0) return readAllPages<Json<WorkflowView>>(client, "/workflows");
  const views: Json<WorkflowView>[] = [];
  for (const name of names) views.push(await client.get(`/workflows/${encodeURIComponent(name)}`));
  return views;
}

const ofThisInstallation = ["id", "version", "createdBy", "createdAt", "runs", "lastRunAt"];

/** What another installation can import: the name and the definition. */
function toFile(view: Json<WorkflowView>): Record<string, unknown> {
  const kept = Object.entries(view).filter(([field]) => !ofThisInstallation.includes(field));
  return { name: view.name, ...Object.fromEntries(kept) };
}
