import { defineConfig, devices } from "@playwright/test";
import { findSystemBrowser } from "./e2e/ensure-browser.mjs";
import { baseUrl, e2e } from "./e2e/place";

const launchOptions = {
  executablePath: findSystemBrowser(), // undefined: Playwright's own
  chromiumSandbox: false, // it cannot be had as root nor in most containers
  args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
};
const signedIn = { storageState: e2e.signInFile, launchOptions };

export default defineConfig({
  testDir: "./e2e",
  globalSetup: "./e2e/global-setup.ts",
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  retries: 0, // a test that fails now and then is mended at its cause
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    baseURL: baseUrl,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions,
  },
  projects: [
    { name: "account", testMatch: "*.setup.ts", use: devices["Desktop Chrome"] },
    {
      name: "desktop",
      testMatch: "*.spec.ts",
      dependencies: ["account"],
      use: { ...devices["Desktop Chrome"], ...signedIn },
    },
    {
      name: "disruptive",
      testMatch: "*.disruptive.ts",
      dependencies: ["desktop", "phone"],
      use: { ...devices["Desktop Chrome"], ...signedIn },
    },
    // Tests tagged @phone run on both.
    {
      name: "phone",
      testMatch: "*.spec.ts",
      grep: /@phone/,
      dependencies: ["account"],
      use: { ...devices["Pixel 7"], ...signedIn },
    },
  ],
});
