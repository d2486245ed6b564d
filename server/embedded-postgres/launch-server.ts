import { readFile } from "node:fs/promises";
import { EmbeddedPostgresFailed } from "./errors";
import { inspectPostmaster } from "./inspect-postmaster";
import { pickPort } from "./pick-port";
import { runTool, type Tools } from "./run-tool";

export interface LaunchPlan {
  data: string;
  logFile: string;
  portFile: string;
  tools: Tools;
  isDurable: boolean;
}

/**
 * Starts the server by pg_ctl, which makes it a session of its own: Ctrl-C does not reach it, and
 * it outlives us. Returns also when a sibling's launch won; the caller looks again.
 *
 * Throws EmbeddedPostgresFailed with the end of the server's log when `isLast` did not help either.
 */
export async function launchServer(plan: LaunchPlan, { isLast }: { isLast: boolean }) {
  const port = await pickPort(plan.portFile);
  const { exitCode } = await runTool(
    plan.tools,
    "pg_ctl",
    ["start", "-D", plan.data, "-w", "-t", "60", "-l", plan.logFile, "-o", settings(plan, port)],
    { keepsOutput: false },
  );
  if (exitCode === 0 || !isLast || inspectPostmaster(plan.data).state === "ours") return;
  const log = await readFile(plan.logFile, "utf8");
  const end = log.trimEnd().split("\n").slice(-12).join("\n");
  throw new EmbeddedPostgresFailed(
    `PostgreSQL does not start. The end of ${plan.logFile}:\n${end}`,
  );
}

function settings(plan: LaunchPlan, port: number): string {
  const lines = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=''", // their paths have a length limit
    ...["ssl=off", "max_connections=200", "shared_buffers=128MB"],
    ...["timezone=UTC", "log_timezone=UTC", "lc_messages=C"],
  ];
  if (!plan.isDurable) lines.push("fsync=off", "synchronous_commit=off", "full_page_writes=off");
  return [`-p ${port}`, ...lines].join(" -c ");
}
