// Starts a whole Coppice of its own with a scripted model beside it: for the browser tests and for
// the screenshots. The agents are the real ones; only the model is played.
import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startModelServer } from "./model-server.mjs";

const projectFolder = fileURLToPath(new URL("..", import.meta.url));
const readyWithinMs = 90_000;

/**
 * @param {{ port: number, home: string, token: string, environment?: Record<string, string> }} options
 * @returns what a test needs to know, and `stop()`, which ends the supervisor and the model.
 */
export async function startCoppice({ port, home, token, environment = {} }) {
  // Under root PostgreSQL runs as another user, who must be able to enter.
  chmodSync(path.dirname(home), 0o755);
  const model = await startModelServer();
  const supervisor = spawn(process.execPath, ["dist/supervisor.mjs"], {
    cwd: projectFolder,
    env: {
      ...process.env,
      PORT: String(port),
      HOST: "127.0.0.1",
      DATABASE_URL: "",
      COPPICE_URL: "",
      COPPICE_HOME: home,
      COPPICE_SETUP_TOKEN: token,
      COPPICE_SLOTS: "8",
      COPPICE_CLAUDE_PATH: path.join(projectFolder, "e2e/agents/node_modules/.bin/claude"),
      COPPICE_CODEX_PATH: path.join(projectFolder, "e2e/agents/node_modules/.bin/codex"),
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "dummy-key-for-tests",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_MAX_RETRIES: "1",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines = [];
  const gone = new Promise((resolve) => supervisor.once("exit", resolve));
  const setupUrl = await readUntilReady(supervisor, lines);
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    setupUrl,
    model,
    pid: supervisor.pid,
    lines,
    stop: async () => {
      supervisor.kill("SIGTERM");
      await gone;
      await model.close();
    },
  };
}

/** The set-up link comes right after the line that says it is ready. */
function readUntilReady(supervisor, lines) {
  return new Promise((resolve, reject) => {
    const say = (why) => reject(new Error(`Coppice did not start (${why}):\n${lines.join("")}`));
    const timer = setTimeout(() => say("it took too long"), readyWithinMs);
    supervisor.once("exit", (code) => say(`it ended with ${code}`));
    const hear = (data) => {
      lines.push(String(data));
      const setupUrl = /Set up the first account: (\S+)/.exec(lines.join(""))?.[1];
      if (!setupUrl) return;
      clearTimeout(timer);
      resolve(setupUrl);
    };
    supervisor.stdout.on("data", hear);
    supervisor.stderr.on("data", hear);
  });
}
