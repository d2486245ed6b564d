import { type AgentProgramView, describeSignIn } from "@/server/domain/agent-program";
import type { Command } from "../command";
import { exitCodes } from "../exit-codes";
import type { Json } from "../open-rest-client";
import { paintFor } from "../paint";
import { parseArguments } from "../parse-arguments";
import { writeTable } from "../write-table";

type Agent = Json<AgentProgramView>;

export const agents: Command = {
  name: "agents",
  summary: "List the agents on each host, and what to type where one is missing",
  help: `
Usage: coppice agents [--json]

Shows of each agent on each host whether it is installed, which version, where, and whether the worker's
account seems signed in. Nothing is asked of the agent's provider: only a run proves that a login is good.
`,
  async carryOut({ terminal, client }, args) {
    const { values } = parseArguments(args, { json: { type: "boolean" } });
    const page = await client.get<{ items: Agent[] }>("/agents");
    await terminal.write(
      values.json
        ? `${JSON.stringify(page, null, 2)}\n`
        : writeAgents(page.items, { paint: paintFor(terminal), width: terminal.columns }),
    );
    return exitCodes.success;
  },
};

function writeAgents(items: readonly Agent[], look: Parameters<typeof writeTable>[2]): string {
  if (items.length === 0) return "No worker has been seen yet, so no agent either.\n";
  const table = writeTable(
    items,
    [
      { title: "WORKER", read: ({ worker, isAlive }) => (isAlive ? worker : `${worker} (away)`) },
      { title: "AGENT", read: ({ label }) => label },
      {
        title: "VERSION",
        read: ({ problem, version }) => (problem === null ? (version ?? "found") : "missing"),
        style: ({ problem }) => (problem === null ? "green" : "yellow"),
      },
      { title: "SIGN-IN", read: ({ signIn }) => describeSignIn(signIn) },
      { title: "SANDBOX", read: ({ isolation }) => isolation },
      { title: "PROGRAM", read: ({ program, problem }) => program ?? problem ?? "" },
    ],
    look,
  );
  const fixes = listFixes(items);
  return fixes.length > 0 ? `${table}\n${fixes.join("\n")}\n` : table;
}

/** Each once, with the hosts that it is for. */
function listFixes(items: readonly Agent[]): string[] {
  const hosts = new Map<string, Set<string>>();
  for (const { worker, fixes } of items) {
    for (const { what, command } of fixes) {
      const text = command && !what.includes(command) ? `${what} “${command}”` : what;
      hosts.set(text, (hosts.get(text) ?? new Set()).add(worker));
    }
  }
  return [...hosts].map(([text, workers]) => `${[...workers].join(", ")}: ${text}`);
}
