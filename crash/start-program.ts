import { spawn } from "node:child_process";

export interface Program {
  pid: number;
  /** Settles when it is gone, with what ended it. */
  gone: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  isGone(): boolean;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface ProgramPlan {
  file: string;
  folder: string;
  environment: Record<string, string | undefined>;
  log: (text: string) => void;
}

/** Starts a program of the product in a process of its own and waits until it is ready or gone. */
export async function startProgram(plan: ProgramPlan): Promise<Program> {
  const child = spawn(process.execPath, ["--enable-source-maps", plan.file], {
    cwd: plan.folder,
    env: { ...process.env, NODE_ENV: "test", ...plan.environment } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", plan.log);
  }
  const gone = new Promise<Awaited<Program["gone"]>>((resolve, reject) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", reject);
  });
  const ready = new Promise<void>((resolve) => child.once("message", () => resolve()));
  await Promise.race([ready, gone]);
  return {
    pid: child.pid ?? 0,
    gone,
    isGone: () => child.exitCode !== null || child.signalCode !== null,
    kill: async (signal) => {
      child.kill(signal);
      await gone;
    },
  };
}
