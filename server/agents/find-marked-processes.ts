import { readdirSync, readFileSync } from "node:fs";
import { hasCode } from "./has-code";
import { identifyProcess, type ProcessIdentity } from "./process-identity";

/** A living process that carries an attempt's mark in its environment: agent, keeper or a child of them. */
export interface MarkedProcess extends ProcessIdentity {
  runId: string;
  attemptId: string;
  /** Where its attempt works; it tells one home's processes from another's on the same host. */
  workspacePath: string | null;
  /** The command line, shortened; arguments may be anything, so it is for people only. */
  command: string;
}

const maxCommandLength = 120;

/** All processes of this host that carry the mark of any attempt, of this home or another. */
export function findMarkedProcesses(): MarkedProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readMarked(Number(name)) ?? []);
}

function readMarked(pid: number): MarkedProcess | null {
  const variables = readFile(pid, "environ")?.split("\0") ?? [];
  const read = (name: string) =>
    variables.find((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1);
  const [runId, attemptId] = [read("COPPICE_RUN_ID"), read("COPPICE_ATTEMPT_ID")];
  if (!runId || !attemptId) return null;
  const identity = identifyProcess(pid);
  if (!identity) return null;
  const command = readFile(pid, "cmdline")?.replaceAll("\0", " ").trim() ?? "";
  return {
    ...identity,
    runId,
    attemptId,
    workspacePath: read("COPPICE_WORKSPACE") ?? null,
    command: command.slice(0, maxCommandLength),
  };
}

/** Null: it ended meanwhile, or is another user's, which no process of ours can be. */
function readFile(pid: number, name: "environ" | "cmdline"): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return null;
    throw error;
  }
}
