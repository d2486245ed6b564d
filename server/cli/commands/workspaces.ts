import type { WorkspaceView } from "@/server/domain/views";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import type { Json } from "../open-rest-client";
import { paintFor } from "../paint";
import { parseArguments } from "../parse-arguments";
import { writeAge } from "../write-duration";
import { writeTable } from "../write-table";

const options = {
  repo: { type: "string" },
  state: { type: "string" },
  cursor: { type: "string" },
  json: { type: "boolean" },
} as const;

export const workspaces: Command = {
  name: "workspaces",
  summary: "List workspaces, or remove one",
  help: `
Usage: coppice workspaces [--repo <name>] [--state <state>] [--cursor <cursor>] [--json]
       coppice workspaces remove <workspace id> [--json]

States: planned, creating, ready, removing, removed. A removal keeps all work: it stays reachable in the
repository's mirror, and only the folder goes.
`,
  async carryOut(context, args) {
    return args[0] === "remove" ? remove(context, args.slice(1)) : list(context, args);
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
  const { values, positionals } = parseArguments(args, { json: { type: "boolean" } }, { least: 1 });
  const id = encodeURIComponent(positionals[0] ?? "");
  const removed = await client.send<Json<WorkspaceView>>("POST", `/workspaces/${id}/remove`, {});
  const said = `Workspace ${removed.id} is ${removed.state}; its work is kept.\n`;
  await terminal.write(values.json ? `${JSON.stringify(removed, null, 2)}\n` : said);
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

function writeSize(bytes: number | null): string {
  if (bytes === null) return "";
  const mebibytes = bytes / 1024 ** 2;
  return mebibytes < 1024 ? `${mebibytes.toFixed(1)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}
