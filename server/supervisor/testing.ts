import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";

const source = path.resolve(import.meta.dirname, "..", "..");

/** Answers on its port what it is and what it was given; leaves as the real web does. */
const web = `
  import { createServer } from "node:http";
  import { leaveWithSupervisor } from "@/server/supervisor/leave-with-supervisor";
  leaveWithSupervisor(() => process.exit(1));
  process.once("SIGTERM", () => process.exit(0));
  const [, , , , host, , port] = process.argv;
  createServer((_, response) => {
    response.end(JSON.stringify({ pid: process.pid, argv: process.argv, environment: process.env }));
  }).listen(Number(port), host);`;

/** Starts a process in a session of its own, as the worker does for an agent. */
const worker = `
  import { spawn } from "node:child_process";
  import { leaveWithSupervisor } from "@/server/supervisor/leave-with-supervisor";
  leaveWithSupervisor(() => process.exit(1));
  process.once("SIGTERM", () => process.exit(0));
  const agent = spawn("sleep", ["300"], { detached: true, stdio: "ignore" });
  console.log("worker pid " + process.pid);
  console.log("agent pid " + agent.pid);
  console.log("worker ready");
  setInterval(() => {}, 1000);`;

/** A project folder with the real supervisor and small programs where web and worker belong. */
export async function buildProject(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "coppice-project-")));
  const modules = path.join(folder, "node_modules");
  await mkdir(path.join(modules, "next", "dist", "bin"), { recursive: true });
  for (const name of await readdir(path.join(source, "node_modules"))) {
    if (name === "next" || name.startsWith(".")) continue;
    await symlink(path.join(source, "node_modules", name), path.join(modules, name));
  }
  await symlink(path.join(source, "db"), path.join(folder, "db"));
  const entry = path.join(source, "server", "supervisor", "main.ts");
  await bundle({ entryPoints: [entry], outfile: path.join(folder, "dist", "supervisor.mjs") });
  await bundleText(web, path.join(modules, "next", "dist", "bin", "next"));
  await bundleText(worker, path.join(folder, "dist", "worker.mjs"));
  return folder;
}

function bundleText(contents: string, outfile: string) {
  return bundle({ stdin: { contents, resolveDir: source, loader: "ts" }, outfile });
}

function bundle(options: Parameters<typeof build>[0]) {
  const format = options.outfile?.endsWith(".mjs") ? ("esm" as const) : ("cjs" as const);
  return build({
    ...{ bundle: true, platform: "node", target: "node20", packages: "external", format },
    ...{ alias: { "@": source }, logLevel: "error" },
    ...options,
  });
}

/** A supervisor in a process of its own, and what it has printed so far. */
export class StartedSupervisor {
  readonly lines: string[] = [];
  readonly #process: ChildProcess;
  readonly #waiting = new Set<() => void>();
  readonly ended: Promise<number | null>;

  constructor(project: string, environment: Record<string, string>, args: string[] = []) {
    this.#process = spawn(process.execPath, ["dist/supervisor.mjs", ...args], {
      cwd: project,
      env: { NODE_ENV: "test", PATH: process.env.PATH, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#note(line));
    }
    this.ended = once(this.#process, "exit").then(([code]) => code);
  }

  /** The first line that matches from now on or has matched already, as its match. */
  async line(pattern: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const found = this.lines.map((line) => line.match(pattern)).find((match) => match !== null);
      if (found) return found;
      const next = new Promise<void>((resolve) => this.#waiting.add(resolve));
      const isOver = await Promise.race([next, this.ended.then(() => true)]);
      if (isOver) throw new Error(`It ended without ${pattern}:\n${this.lines.join("\n")}`);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  #note(line: string): void {
    this.lines.push(line);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
