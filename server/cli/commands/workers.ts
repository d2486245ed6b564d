import type { WorkerView } from "@/server/domain/views";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import type { Json } from "../open-rest-client";
import { paintFor } from "../paint";
import { parseArguments, UsageError } from "../parse-arguments";
import { writeAge } from "../write-duration";
import { writeReports } from "../write-reports";
import { writeTable } from "../write-table";

export const workers: Command = {
  name: "workers",
  summary: "List workers; drain one, set its slots, declare its host lost",
  help: `
Usage: coppice workers [--json]
       coppice workers drain <name> [--reason <text>] [--json]
       coppice workers undrain <name> [--json]
       coppice workers capacity <name> <runs at once | default> [--json]
       coppice workers lost <name> --reason <text> [--json]
       coppice workers waiting <name> [--json]
       coppice workers reports [<name>] [--json]

drain      it takes no new run; its agents go on. For upgrades.
lost       its runs are queued for other hosts where their work can be had there; the others wait. Its
           old processes are not proved dead. When it comes back, its worker keeps all that lies there.
reports    what workers found when they started: adopted, finished, queued again, given up.
`,
  async carryOut(context, args) {
    const [verb, ...rest] = args;
    const act = verb === undefined ? undefined : verbs[verb];
    return act ? act(context, rest) : list(context, args);
  },
};

type Act = (context: CommandContext, args: string[]) => Promise<number>;

const json = { json: { type: "boolean" } } as const;
const reason = { reason: { type: "string" } } as const;

const verbs: Record<string, Act> = {
  drain: async (context, args) => {
    const { values, positionals } = parseArguments(args, { ...json, ...reason }, { least: 1 });
    const worker = await send(context, positionals[0], "drain", { reason: values.reason });
    const said = `${worker.name} is ${worker.state}; ${worker.held} of its runs go on.`;
    return tell(context, values.json, worker, said);
  },
  undrain: async (context, args) => {
    const { values, positionals } = parseArguments(args, json, { least: 1 });
    const worker = await send(context, positionals[0], "undrain", {});
    return tell(context, values.json, worker, `${worker.name} takes runs again.`);
  },
  capacity: async (context, args) => {
    const { values, positionals } = parseArguments(args, json, { least: 2 });
    const worker = await send(context, positionals[0], "capacity", {
      capacity: readCapacity(positionals[1] ?? ""),
    });
    const said = `${worker.name} carries ${worker.slots} runs at once.`;
    return tell(context, values.json, worker, said);
  },
  lost: declareLost,
  waiting: listWaiting,
  reports: listReports,
};

async function list({ terminal, client }: CommandContext, args: string[]): Promise<number> {
  const { values } = parseArguments(args, json);
  const page = await client.get<{ items: Json<WorkerView>[] }>("/workers");
  await terminal.write(
    values.json ? `${JSON.stringify(page, null, 2)}\n` : writeWorkers(page.items, terminal),
  );
  return exitCodes.success;
}

async function send(
  { client }: CommandContext,
  name: string | undefined,
  verb: string,
  body: Record<string, unknown>,
): Promise<Json<WorkerView>> {
  return client.send("POST", `/workers/${encodeURIComponent(name ?? "")}/${verb}`, body);
}

async function declareLost(context: CommandContext, args: string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, { ...json, ...reason }, { least: 1 });
  if (!values.reason) throw new UsageError("--reason is needed: it stands in the audit log.");
  const path = `/workers/${encodeURIComponent(positionals[0] ?? "")}/lost`;
  const became = await context.client.send<{
    worker: Json<WorkerView>;
    moved: number;
    waiting: number;
    ended: number;
  }>("POST", path, { reason: values.reason });
  const said = `${became.worker.host} is declared lost: ${became.moved} runs queued for other hosts, ${became.waiting} wait for it, ${became.ended} ended.`;
  return tell(context, values.json, became, said);
}

async function listWaiting(context: CommandContext, args: string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, json, { least: 1 });
  const path = `/workers/${encodeURIComponent(positionals[0] ?? "")}/waiting`;
  const page = await context.client.get<{ items: { number: number; sentence: string }[] }>(path);
  const lines = page.items.map(({ number, sentence }) => `#${number}  ${sentence}`);
  return tell(context, values.json, page, lines.join("\n") || "No run waits for it.");
}

async function listReports(context: CommandContext, args: string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, json, { least: 0, most: 1 });
  const page = await context.client.get<Parameters<typeof writeReports>[0]>("/recovery-reports", {
    worker: positionals[0],
    limit: 5,
  });
  return tell(context, values.json, page, writeReports(page, paintFor(context.terminal)));
}

async function tell(
  { terminal }: CommandContext,
  isJson: boolean | undefined,
  answer: unknown,
  said: string,
): Promise<number> {
  await terminal.write(isJson ? `${JSON.stringify(answer, null, 2)}\n` : `${said}\n`);
  return exitCodes.success;
}

function readCapacity(text: string): number | null {
  if (text === "default") return null;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`“${text}” is neither a number nor “default”.`);
}

function writeWorkers(
  items: Json<WorkerView>[],
  terminal: { hasColours: boolean; columns: number },
): string {
  if (items.length === 0) return "No worker ever joined.\n";
  const now = new Date();
  return writeTable(
    items,
    [
      { title: "WORKER", read: ({ name }) => name },
      {
        title: "STATE",
        read: ({ state }) => state,
        style: ({ isAlive, state }) => (state === "lost" ? "red" : isAlive ? "green" : "yellow"),
      },
      { title: "HOST", read: ({ host }) => host },
      { title: "HELD", read: ({ held, slots }) => `${held}/${slots}`, isRight: true },
      { title: "WAITING", read: ({ waiting }) => (waiting ? String(waiting) : ""), isRight: true },
      { title: "LAST BEAT", read: ({ heartbeatAt }) => writeAge(heartbeatAt, now), isRight: true },
      { title: "VERSION", read: ({ version }) => version },
    ],
    { paint: paintFor(terminal), width: terminal.columns },
  );
}
