import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectFolder, scratchFolder } from "./project-folder.mjs";

const quietMilliseconds = 5_000;

/** A step of the set-up failed; its message holds the end of its log and says where the log lies. */
export class StepFailed extends Error {}

/**
 * Runs one step of the set-up with its output in a log file, and shows that it is alive: a counting
 * line on a terminal, a line every five seconds elsewhere.
 *
 * @param {{ label: string, log: string, command: string, args: string[], folder?: string,
 *   environment?: NodeJS.ProcessEnv }} step
 */
export async function runStep(step) {
  mkdirSync(scratchFolder, { recursive: true });
  const logFile = path.join(scratchFolder, `${step.log}.log`);
  const progress = showProgress(step.label);
  const ending = await runLogged(step, logFile);
  progress.end(ending === 0);
  if (ending === 0) return;
  const tail = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-40).join("\n");
  throw new StepFailed(`${step.label} failed (${ending}). The end of ${logFile}:\n\n${tail}\n`);
}

/** @returns {Promise<number | string | null>} the exit code, the signal, or what went wrong */
function runLogged({ command, args, folder, environment }, logFile) {
  const log = openSync(logFile, "w");
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: folder ?? projectFolder,
      env: environment ?? setupEnvironment(),
      stdio: ["ignore", log, log],
    });
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const leave = (signal) => {
      child.kill(signal);
      process.exit(130);
    };
    for (const signal of signals) process.once(signal, leave);
    const finish = (ending) => {
      for (const signal of signals) process.off(signal, leave);
      closeSync(log);
      resolve(ending);
    };
    child.on("error", (error) => finish(error.message));
    child.on("close", (code, signal) => finish(code ?? signal));
  });
}

/** npm leaves the development packages out when NODE_ENV says production. */
export function setupEnvironment() {
  const { NODE_ENV: _, ...environment } = process.env;
  return { ...environment, NEXT_TELEMETRY_DISABLED: "1" };
}

function showProgress(label) {
  const start = Date.now();
  const isTerminal = process.stdout.isTTY === true;
  const show = (mark) => {
    const line = `${label}${mark} ${Math.round((Date.now() - start) / 1000)} s`;
    process.stdout.write(isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
  };
  process.stdout.write(isTerminal ? `${label}…` : `${label}…\n`);
  const timer = setInterval(() => show("…"), isTerminal ? 1_000 : quietMilliseconds);
  return {
    end(isGood) {
      clearInterval(timer);
      show(isGood ? ": done in" : ": failed after");
      if (isTerminal) process.stdout.write("\n");
    },
  };
}
