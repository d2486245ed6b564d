import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Unavailable, Unprocessable } from "@/server/domain/errors";

export interface KeeperOptions {
  controlPath: string;
  /** From `agentCommand`: it holds the shell that waits for `go`. */
  argv: string[];
  /** The agent's allow-listed environment; the keeper has the same and no more. */
  environment: Record<string, string>;
  /** `shared`: stdout and stderr are one spool file, in the order of writing. */
  streams: "shared" | "separate";
  /** How long a started agent waits for `go` before it ends itself. */
  patienceSeconds?: number;
}

/**
 * Starts the keeper of an attempt, detached, which starts the agent up to the point where it waits
 * for `giveGo`. A control folder takes one keeper for ever: calling this again starts nothing.
 * @throws Unavailable when no process can be started.
 */
export async function startKeeper(options: KeeperOptions): Promise<void> {
  mkdirSync(options.controlPath, { recursive: true, mode: 0o700 });
  // A copy of its own: a shell reads its script bit by bit, and an upgrade would change it midway.
  const script = join(options.controlPath, "keeper.sh");
  if (!existsSync(script)) writeFileSync(script, readKeeperScript(), { mode: 0o700 });
  const patience = String(options.patienceSeconds ?? 600);
  const keeper = spawn("/bin/sh", [script, options.streams, patience, ...options.argv], {
    cwd: options.controlPath,
    env: options.environment as NodeJS.ProcessEnv,
    detached: true,
    stdio: "ignore",
  });
  await new Promise<void>((resolve, reject) => {
    keeper.once("spawn", resolve);
    keeper.once("error", (cause) => {
      const hint = "Look at the limits on processes and open files of the worker's user.";
      reject(new Unavailable("The keeper could not be started.", { cause, hint }));
    });
  });
  keeper.unref();
}

let keeperScript: string | undefined;

/** The script stands beside this file; beside the bundle it may not, so the sources are asked too. */
function readKeeperScript(): string {
  if (keeperScript !== undefined) return keeperScript;
  const places = ["./keeper.sh", "../server/agents/keeper.sh", "../../server/agents/keeper.sh"];
  const found = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((path) => existsSync(path));
  if (!found) {
    throw new Unprocessable("keeper.sh is missing from this installation.", {
      hint: "Install Coppice again.",
      facts: { places },
    });
  }
  keeperScript = readFileSync(found, "utf8");
  return keeperScript;
}
