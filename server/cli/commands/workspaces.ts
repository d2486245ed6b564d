import type { WorkspaceView } from "@/server/domain/views";
import type { WorkspaceAudit } from "@/server/domain/workspace-audit";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import type { Json } from "../open-rest-client";
import { paintFor } from "../paint";
import { parseArguments } from "../parse-arguments";
import { writeAudit } from "../write-audit";
import { writeAge } from "../write-duration";
import { writeSize } from "../write-size";
import { writeTable } from "../write-table";

const options = {
  repo: { type: "string" },
  state: { type: "string" },
  cursor: { type: "string" },
  json: { type: "boolean" },
} as const;

const removeOptions = {
  ignored: { type: "string" },
  "give-up-unfinished": { type: "boolean" },
  json: { type: "boolean" },
} as const;

export const workspaces: Command = {
  name: "workspaces",
  summary: "List workspaces, look into one, or remove one",
  help: `
Usage: coppice workspaces [--repo <name>] [--state <state>] [--cursor <cursor>] [--json]
       coppice workspaces audit <workspace id> [--json]
       coppice workspaces remove <workspace id> [--ignored keep|keep_all|drop] [--give-up-unfinished]
         [--json]

States: planned, creating, ready, removing, removed, quarantined. A removal keeps all work: it stays
reachable in the repository's mirror, and only the folder goes. What cannot be stored puts the whole folder
in quarantine instead. “audit” tells before what would become of what. “coppice restore” brings it back.

  --ignored <choice>     of ignored files, keep those that no build makes again (the default), all, or none
  --give-up-unfinished   remove it although a rebase or merge is unfinished there
`,
  async carryOut(context, args) {
    if (args[0] === "remove") return remove(context, args.slice(1));
    return args[0] === "audit" ? audit(context, args.slice(1)) : list(context, args);
  },
};

async function list({ terminal, client }: CommandContext, args: string[]): Promise<number> {
  const { values } = parseArguments(args, options);
  const page = await client.get<{ items: Json<WorkspaceView>[]; nextCursor: string | null }>(
    "/workspaces",
    { repository: values.repo, state: values.state, cursor: values.cursor },
  );
  await terminal.write(
    values.json ? `${JSON.stringify(page, null, 2)}\n` : writeWorkspaces(page.items, terminal),
  );
  if (!values.json && page.nextCursor) terminal.complain(`More: --cursor ${page.nextCursor}`);
  return exitCodes.success;
}

async function remove({ terminal, client }: CommandContext, args: string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, removeOptions, { least: 1 });
  const id = encodeURIComponent(positionals[0] ?? "");
  const removed = await client.send<Json<WorkspaceView>>("POST", `/workspaces/${id}/remove`, {
    ignored: values.ignored,
    mayLoseUnfinished: values["give-up-unfinished"],
  });
  const kept =
    removed.state === "quarantined"
      ? "not all of it could be stored, so nothing was deleted"
      : "its work is kept";
  const said = `Workspace ${removed.id} is ${removed.state}; ${kept}.\n`;
  await terminal.write(values.json ? `${JSON.stringify(removed, null, 2)}\n` : said);
  return exitCodes.success;
}

async function audit({ terminal, client }: CommandContext, args: string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, { json: { type: "boolean" } }, { least: 1 });
  const id = encodeURIComponent(positionals[0] ?? "");
  const found = await client.get<Json<WorkspaceAudit>>(`/workspaces/${id}/audit`);
  await terminal.write(values.json ? `${JSON.stringify(found, null, 2)}\n` : writeAudit(found));
  return exitCodes.success;
}

function writeWorkspaces(
  items: Json<WorkspaceView>[],
  terminal: { hasColours: boolean; columns: number },
): string {
  if (items.length === 0) return "No workspaces.\n";
  const now = new Date();
  return writeTable(
    items,
    [
      { title: "WORKSPACE", read: ({ id }) => id },
      { title: "STATE", read: ({ state }) => state },
      { title: "KIND", read: ({ kind, name }) => (name ? `${kind} ${name}` : kind) },
      { title: "REPOSITORY", read: ({ repository }) => repository.name },
      { title: "RUN", read: ({ run }) => (run ? `#${run.number} ${run.status}` : "") },
      { title: "SIZE", read: ({ bytes }) => writeSize(bytes), isRight: true },
      { title: "USED", read: ({ usedAt }) => (usedAt ? writeAge(usedAt, now) : ""), isRight: true },
      { title: "PATH", read: ({ worker, path }) => (path ? `${worker ?? "?"}:${path}` : "") },
    ],
    { paint: paintFor(terminal), width: terminal.columns },
  );
}
