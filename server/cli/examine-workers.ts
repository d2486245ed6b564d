import { type AgentProgramView, describeSignIn } from "@/server/domain/agent-program";
import type { WorkerView } from "@/server/domain/views";
import type { Json, RestClient } from "./open-rest-client";
import { writeAge } from "./write-duration";

export interface Finding {
  grade: "good" | "note" | "broken";
  text: string;
  /** What to do about it. */
  hint?: string;
}

/** Whether Coppice answers, and whether its workers and their agents can be used. */
export async function examineWorkers(client: RestClient): Promise<Finding[]> {
  const health = await client.get<{ version: string }>("/health");
  const { items } = await client.get<{ items: Json<WorkerView>[] }>("/workers");
  const agents = await client.get<{ items: Json<AgentProgramView>[] }>("/agents");
  const alive = items.filter((worker) => worker.isAlive);
  return [
    {
      grade: "good",
      text: `Coppice ${health.version} answers at ${client.url}; its database is there.`,
    },
    ...(alive.length === 0 ? [noWorker(items)] : []),
    ...items.flatMap((worker) =>
      examineWorker(
        worker,
        agents.items.filter((agent) => agent.worker === worker.name),
      ),
    ),
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

function examineWorker(worker: Json<WorkerView>, agents: Json<AgentProgramView>[]): Finding[] {
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
    ...agents.map(examineAgent),
  ];
}

function examineAgent(agent: Json<AgentProgramView>): Finding {
  const { label, problem, version, program, signIn } = agent;
  const hint = agent.fixes.map(({ what, command }) => writeFix(what, command)).join(" ");
  if (problem !== null) return { grade: "note", text: `  agent: ${label}  ${problem}`, hint };
  const isSignedIn = signIn.state !== "none";
  const said = signIn.state === "not_needed" ? [] : [describeSignIn(signIn)];
  const found = [label, version, program, ...said].filter(Boolean).join("  ");
  if (isSignedIn) return { grade: "good", text: `  agent: ${found}` };
  return { grade: "note", text: `  agent: ${found}`, hint };
}

const writeFix = (what: string, command: string | null) =>
  command && !what.includes(command) ? `  ${what} “${command}”` : `  ${what}`;
