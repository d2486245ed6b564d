// Finds a Chromium for the browser tests, or installs one: `node e2e/ensure-browser.mjs`.
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

/** The machine's own browser, if it has one; Playwright's is used otherwise. */
export function findSystemBrowser() {
  return [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ].find((file) => file && existsSync(file));
}

/** @returns {string} the browser's program. Throws when there is none and none can be installed. */
export function ensureBrowser() {
  const browser = findBrowser() ?? installByPlaywright() ?? installByApt();
  if (browser) return browser;
  throw new Error(
    "No Chromium was found and none could be installed. Install one (apt-get install chromium), or name yours in CHROMIUM_PATH.",
  );
}

function findBrowser() {
  const bundled = chromium.executablePath();
  return findSystemBrowser() ?? (existsSync(bundled) ? bundled : undefined);
}

function installByPlaywright() {
  const withDependencies = isRoot() && existsSync("/usr/bin/apt-get") ? ["--with-deps"] : [];
  run("npx", ["playwright", "install", ...withDependencies, "chromium"]);
  return findBrowser();
}

function installByApt() {
  if (!existsSync("/usr/bin/apt-get")) return undefined;
  const [command, ...prefix] = isRoot() ? ["apt-get"] : ["sudo", "-n", "apt-get"];
  const packages = ["chromium", "fonts-liberation"];
  if (run(command, [...prefix, "update"])) {
    run(command, [...prefix, "install", "-y", "--no-install-recommends", ...packages]);
  }
  return findBrowser();
}

function isRoot() {
  return process.getuid?.() === 0;
}

function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], env }).status === 0;
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log(`Browser: ${ensureBrowser()}`);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
