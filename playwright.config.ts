import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig, devices } from "@playwright/test";
import { findSystemBrowser } from "./e2e/ensure-browser.mjs";

// This file is read again in each of Playwright's workers; they inherit what the first read chose.
const port = Number(process.env.E2E_PORT ?? 3199);
if (process.env.COPPICE_E2E_HOME === undefined) {
  const home = mkdtempSync(path.join(tmpdir(), "coppice-e2e-"));
  process.env.COPPICE_E2E_HOME = home;
  process.on("exit", () => rmSync(home, { recursive: true, force: true }));
}
process.env.COPPICE_SETUP_TOKEN ??= "coppice_e2e_0123456789abcdef0123456789abcdef";

const launchOptions = {
  executablePath: findSystemBrowser(), // undefined: Playwright's own
  chromiumSandbox: false, // it cannot be had as root nor in most containers
  args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
};

export default defineConfig({
  testDir: "./e2e",
  testMatch: "*.spec.ts",
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  retries: 0, // a test that fails now and then is mended at its cause
  workers: 2,
  timeout: 60_000,
  reporter: "list",
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions,
  },
  projects: [
    { name: "desktop", use: { ...devices["Desktop Chrome"], launchOptions } },
    // Tests tagged @phone run on both.
    { name: "phone", grep: /@phone/, use: { ...devices["Pixel 7"], launchOptions } },
  ],
  webServer: {
    command: "node dist/supervisor.mjs", // not `npm start`: the signal is to reach the supervisor
    env: {
      PORT: String(port),
      HOST: "127.0.0.1",
      DATABASE_URL: "",
      COPPICE_URL: "",
      COPPICE_HOME: process.env.COPPICE_E2E_HOME,
      COPPICE_SETUP_TOKEN: process.env.COPPICE_SETUP_TOKEN,
    },
    url: `http://127.0.0.1:${port}/api/health`,
    reuseExistingServer: false,
    timeout: 120_000,
    stdout: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 12_000 },
  },
});
