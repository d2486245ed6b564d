import type { WorkerView } from "@/server/domain/views";
import type { Command } from "../command";
import { exitCodes } from "../exit-codes";
import type { Json, RestClient } from "../open-rest-client";
import { type Paint, paintFor } from "../paint";
import { parseArguments } from "../parse-arguments";
import { writeAge } from "../write-duration";

export const doctor: Command = {
  name: "doctor",
  summary: "Check the database, the workers, their agents and their sandbox",
  help: `
Usage: coppice doctor [--json]

Exits with 1 when something is broken: no live worker, or no agent that can be used.
`,
  async carryOut({ terminal, client }, args) {
    const { values } = parseArguments(args, { json: { type: "boolean" } });
    const findings = await examine(client);
    const isBroken = findings.some(({ grade }) => grade === "broken");
    const paint = paintFor(terminal);
    const text = findings.map((finding) => writeFinding(finding, paint)).join("\n");
    await terminal.write(
      values.json ? `${JSON.stringify({ isBroken, findings }, null, 2)}\n` : `${text}\n`,
    );
    return isBroken ? exitCodes.error : exitCodes.success;
  },
};

interface Finding {
  grade: "good" | "note" | "broken";
  text: string;
  /** What to do about it. */
  hint?: string;
}

async function examine(client: RestClient): Promise<Finding[]> {
  const health = await client.get<{ version: string }>("/health");
  const { items } = await client.get<{ items: Json<WorkerView>[] }>("/workers");
  const alive = items.filter((worker) => worker.isAlive);
  return [
    {
      grade: "good",
      text: `Coppice ${health.version} answers at ${client.url}; its database is there.`,
    },
    ...(alive.length === 0 ? [noWorker(items)] : []),
    ...items.flatMap(examineWorker),
    ...(alive.length > 0 && !alive.some(hasUsableAgent) ? [noAgent] : []),
  ];
}

const noAgent: Finding = {
  grade: "broken",
  text: "No live worker has an agent that can be used.",
  hint: "Install one of the agents above on a worker's host, then restart that worker.",
};

function noWorker(known: unknown[]): Finding {
  return {
    grade: "broken",
    text: known.length > 0 ? "No worker is alive; runs stay queued." : "No worker ever joined.",
    hint: "Start one: “coppice worker” on a host that reaches the database, or “coppice start”.",
  };
}

function hasUsableAgent(worker: Json<WorkerView>): boolean {
  return worker.agents.some(({ problem }) => problem === null);
}

function examineWorker(worker: Json<WorkerView>): Finding[] {
  const who = `Worker ${worker.name} on ${worker.host}`;
  if (!worker.isAlive) {
    const age = writeAge(worker.heartbeatAt, new Date());
    return [{ grade: "note", text: `${who} is away; it last beat ${age}.` }];
  }
  return [
    { grade: "good", text: `${who} is alive, ${worker.held} of ${worker.slots} slots in use.` },
    worker.isolation === "bubblewrap"
      ? { grade: "good", text: "  sandbox: bubblewrap" }
      : { grade: "note", text: `  sandbox: ${worker.isolation}`, hint: `  ${worker.isolationWhy}` },
    ...worker.agents.map(examineAgent),
  ];
}

function examineAgent(agent: Json<WorkerView>["agents"][number]): Finding {
  if (agent.problem === null) {
    const found = [agent.kind, agent.version, agent.program].filter(Boolean).join("  ");
    return { grade: "good", text: `  agent: ${found}` };
  }
  return {
    grade: "note",
    text: `  agent: ${agent.kind}  ${agent.problem}`,
    hint: `  ${agent.howToInstall}`,
  };
}

const marks = { good: ["green", "✓"], note: ["yellow", "!"], broken: ["red", "✗"] } as const;

function writeFinding({ grade, text, hint }: Finding, paint: Paint): string {
  const [style, mark] = marks[grade];
  return `${paint(style, mark)} ${text}${hint ? `\n  ${paint("dim", hint)}` : ""}`;
}
