import { isTerminal, type RunStatus } from "@/server/domain/run-status";
import type { Fleet } from "./fleet";
import type { Step } from "./plan-steps";

type ActStep = Extract<Step, { kind: "act" }>;

interface ListedRun {
  id: string;
  sessionId: string;
  status: RunStatus;
}

/** What came of an act: `done`, `nothing` to do it to, a refusal's code, or `cut off`. */
export type Outcome = string;

const patienceMs = 70_000;
const failingShare = 0.15;

/** Does by HTTP what one operator wants. A cut-off start is asked again with its key, as people's tools do. */
export async function operate(fleet: Fleet, step: ActStep, key: string): Promise<Outcome> {
  const outcome = await act(fleet, step, key);
  return step.act === "start" && outcome === "cut off" ? act(fleet, step, key) : outcome;
}

async function act(fleet: Fleet, step: ActStep, key: string): Promise<Outcome> {
  try {
    const call = await compose(fleet, step, key);
    if (!call) return "nothing";
    await send(fleet, "POST", call.path, call.body);
    return "done";
  } catch (error) {
    if (error instanceof Refused) return error.message;
    // Refused, reset or too late: the web or the database is away.
    if (error instanceof TypeError || error instanceof DOMException) return "cut off";
    throw error;
  }
}

async function compose(fleet: Fleet, step: ActStep, key: string) {
  const code = step.pick < failingShare ? 3 : 0;
  const message = `${fleet.evidence}|${step.seconds.toFixed(2)}|${code}`;
  if (step.act === "start") {
    const workflow = step.pick < 0.3 ? "persistent" : "temporary";
    const body = { workflow, repository: "origin", message, idempotencyKey: key };
    return { path: "/runs", body };
  }
  if (step.act === "remove") {
    const found = await list<{ id: string }>(fleet, "/workspaces?state=ready&limit=50");
    const workspace = choose(found, step.pick);
    return workspace && { path: `/workspaces/${workspace.id}/remove`, body: {} };
  }
  const runs = await list<ListedRun>(fleet, "/runs?limit=30");
  const suitable = step.act === "cancel" ? runs.filter((run) => !isTerminal(run.status)) : runs;
  const run = choose(suitable, step.pick);
  if (!run) return null;
  if (step.act === "cancel") return { path: `/runs/${run.id}/cancel`, body: {} };
  if (step.act === "rerun") return { path: `/runs/${run.id}/rerun`, body: { idempotencyKey: key } };
  const body = { message, idempotencyKey: key };
  return { path: `/sessions/${run.sessionId}/runs`, body };
}

const choose = <Item>(items: Item[], pick: number) =>
  items[Math.floor(pick * items.length)] ?? null;

async function list<Item>(fleet: Fleet, path: string): Promise<Item[]> {
  return ((await send(fleet, "GET", path)) as { items: Item[] }).items;
}

/** An answer that says no, by its code. */
class Refused extends Error {}

async function send(fleet: Fleet, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${fleet.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${fleet.plan.token}`,
      ...(body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(patienceMs),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  const code = /"code":"(\w+)"/.exec(text)?.[1] ?? "no code";
  throw new Refused(`${response.status} ${code}`);
}
