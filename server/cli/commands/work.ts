import {
  type WorkEntryView,
  type WorkSummary,
  type WorkWhereabouts,
  workWhereaboutsSchema,
} from "@/server/domain/work";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import type { Json } from "../open-rest-client";
import { paintFor, type Style } from "../paint";
import { parseArguments, parseNumber, UsageError } from "../parse-arguments";
import { writeAge } from "../write-duration";
import { writeTable } from "../write-table";

const options = {
  "at-risk": { type: "boolean" },
  whereabouts: { type: "string", multiple: true },
  repo: { type: "string" },
  workflow: { type: "string" },
  run: { type: "string" },
  session: { type: "string" },
  limit: { type: "string" },
  cursor: { type: "string" },
  json: { type: "boolean" },
} as const;

export const work: Command = {
  name: "work",
  summary: "List every commit, snapshot and leftover, and where it is now",
  help: `
Usage: coppice work [words] [options]
       coppice work let-go <entry>… --why "<reason>" [--json]
       coppice work take-back <entry>… [--json]

  --at-risk               only what exists in one place of Coppice alone and was not let go
  --whereabouts <where>   several with commas: merged, pushed, only_here, in_keep_ref, in_workspace,
                          missing, gone
  --repo <name>
  --workflow <name>
  --run <id or #number>
  --session <id>
  --limit <number>        how many at most (50, up to 200)
  --cursor <cursor>       the page after the one that gave it out
  --json                  print {items, nextCursor}

Words are looked for in subjects and paths; the first digits of a commit find it. To let work go removes
nothing: it counts as no risk from then on.
`,
  async carryOut(context, args) {
    if (args[0] === "let-go") return letGo(context, args.slice(1));
    if (args[0] === "take-back") return takeBack(context, args.slice(1));
    return list(context, args);
  },
};

async function list({ terminal, client }: CommandContext, args: string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, options, { most: 1 });
  const page = await client.get<{ items: Json<WorkEntryView>[]; nextCursor: string | null }>(
    "/work",
    {
      atRisk: values["at-risk"] ? "true" : undefined,
      whereabouts: parseWhereabouts(values.whereabouts),
      repository: values.repo,
      workflow: values.workflow,
      run: values.run,
      session: values.session,
      q: positionals[0],
      limit: parseNumber(values.limit, "limit"),
      cursor: values.cursor,
    },
  );
  if (values.json) {
    await terminal.write(`${JSON.stringify(page, null, 2)}\n`);
    return exitCodes.success;
  }
  const summary = await client.get<WorkSummary>("/work/summary");
  await terminal.write(writeEntries(page.items, terminal));
  terminal.complain(describeSummary(summary));
  if (page.nextCursor) terminal.complain(`More: --cursor ${page.nextCursor}`);
  return exitCodes.success;
}

function describeSummary({ atRisk, missing, isCut }: WorkSummary): string {
  const count = isCut ? `more than ${atRisk}` : String(atRisk);
  return `At risk in all: ${count}${missing > 0 ? `, ${missing} of them missing` : ""}.`;
}

function parseWhereabouts(given: string[] = []): string[] {
  const asked = given.flatMap((text) => text.split(",")).filter(Boolean);
  const stranger = asked.find((text) => !workWhereaboutsSchema.safeParse(text).success);
  if (stranger === undefined) return asked;
  throw new UsageError(
    `“${stranger}” is no whereabouts: ${workWhereaboutsSchema.options.join(", ")}.`,
  );
}

async function letGo(context: CommandContext, args: string[]): Promise<number> {
  const own = { why: { type: "string" }, json: { type: "boolean" } } as const;
  const { values, positionals } = parseArguments(args, own, { least: 1, most: 200 });
  if (!values.why?.trim()) throw new UsageError("Say why it may be lost: --why “<reason>”.");
  const body = { ids: parseIds(positionals), why: values.why };
  return change(context, "/work/let-go", body, "let go", values.json);
}

async function takeBack(context: CommandContext, args: string[]): Promise<number> {
  const own = { json: { type: "boolean" } } as const;
  const { values, positionals } = parseArguments(args, own, { least: 1, most: 200 });
  return change(
    context,
    "/work/take-back",
    { ids: parseIds(positionals) },
    "taken back",
    values.json,
  );
}

function parseIds(given: string[]): number[] {
  const stranger = given.find((text) => !/^\d{1,15}$/.test(text));
  if (stranger === undefined) return given.map(Number);
  throw new UsageError(`“${stranger}” is no entry: give the numbers that “coppice work” lists.`);
}

async function change(
  { terminal, client }: CommandContext,
  path: string,
  body: { ids: number[] },
  word: string,
  isJson = false,
): Promise<number> {
  const answer = await client.send<{ changed: number[] }>("POST", path, body);
  const { length } = answer.changed;
  const rest = body.ids.length - length;
  const said = `${length} ${length === 1 ? "entry is" : "entries are"} ${word}.`;
  const others = rest > 0 ? ` ${rest} stood so already, or needed it not.` : "";
  await terminal.write(isJson ? `${JSON.stringify(answer, null, 2)}\n` : `${said}${others}\n`);
  return exitCodes.success;
}

const styles = {
  merged: "green",
  pushed: "green",
  only_here: "yellow",
  in_keep_ref: "yellow",
  in_workspace: "yellow",
  missing: "red",
  gone: "dim",
} as const satisfies Record<WorkWhereabouts, Style>;

function writeEntries(
  items: Json<WorkEntryView>[],
  terminal: { hasColours: boolean; columns: number },
): string {
  if (items.length === 0) return "No work.\n";
  const now = new Date();
  return writeTable(
    items,
    [
      { title: "ENTRY", read: ({ id }) => String(id), isRight: true },
      {
        title: "WHERE",
        read: ({ whereabouts, unknownSince }) => `${whereabouts}${unknownSince ? "?" : ""}`,
        style: ({ whereabouts }) => styles[whereabouts],
      },
      { title: "COMMIT", read: ({ sha, reason }) => sha?.slice(0, 10) ?? reason ?? "" },
      { title: "RUN", read: ({ run }) => `#${run.number}` },
      { title: "REPOSITORY", read: ({ repository }) => repository.name },
      {
        title: "AS OF",
        read: ({ asOf }) => (asOf ? writeAge(asOf, now) : "not looked"),
        isRight: true,
      },
      { title: "WHAT", read: ({ title, letGo }) => (letGo ? `(let go) ${title}` : title) },
    ],
    { paint: paintFor(terminal), width: terminal.columns },
  );
}
