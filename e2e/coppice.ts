import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test as base, expect } from "@playwright/test";
import type { RunView } from "@/server/domain/run-view";
import { baseUrl, e2e } from "./place";

const projectFolder = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);

export type ApiRun = Omit<RunView, "createdAt" | "endedAt"> & {
  createdAt: string;
  endedAt: string;
};

/** Coppice as a script sees it: REST with an admin's token, and the CLI. */
export const api = {
  async call<Answer = ApiRun>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await api.raw(method, path, body);
    const answer = (await response.json()) as Answer;
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  },
  raw(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${e2e.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  },
  run: (id: string) => api.call("GET", `/runs/${id}`),
  start: (workflow: string, message = "do it", extra: Record<string, unknown> = {}) =>
    api.call("POST", "/runs", { workflow, repository: "sample", message, ...extra }),
  async waitFor(id: string, isSo: (run: ApiRun) => boolean): Promise<ApiRun> {
    for (;;) {
      const found = await api.run(id).catch(() => null);
      if (found && isSo(found)) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
  waitForEnd: (id: string) =>
    api.waitFor(id, ({ status }) => ["succeeded", "failed", "cancelled"].includes(status)),
  async defineShell(name: string, command: string, extra: Record<string, unknown> = {}) {
    await api.call("POST", "/workflows", { name, agent: "shell", command, ...extra });
  },
};

/** The CLI as an operator types it. */
export async function coppice(...args: string[]): Promise<{ stdout: string; code: number }> {
  const env = { ...process.env, COPPICE_URL: baseUrl, COPPICE_TOKEN: e2e.token };
  try {
    const { stdout } = await run(process.execPath, ["scripts/coppice.mjs", ...args], {
      cwd: projectFolder,
      env,
    });
    return { stdout, code: 0 };
  } catch (error) {
    const { stdout = "", code = 1 } = error as { stdout?: string; code?: number };
    return { stdout, code };
  }
}

let made = 0;
/** A name that no other test uses. */
export function uniqueName(prefix: string): string {
  made += 1;
  return `${prefix}-${process.pid}-${made}`;
}

/** Fails a test in whose browser an error was logged or thrown. */
export const test = base.extend<{ quietConsole: undefined }>({
  quietConsole: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text());
      });
      await use(undefined);
      const expected = /Failed to load resource|net::ERR|status of (4|5)\d\d/;
      expect(problems.filter((text) => !expected.test(text))).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };
