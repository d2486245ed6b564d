#!/usr/bin/env node
// The `coppice` command. `start`, `web` and `worker` become the supervisor; the rest is the CLI.
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { installPackages } from "./install-packages.mjs";
import { projectFolder } from "./project-folder.mjs";
import { withSetupLock } from "./with-setup-lock.mjs";

const cli = path.join(projectFolder, "dist", "cli.mjs");
const [command] = process.argv.slice(2);

if (command === "start") {
  process.argv.splice(2, 1);
  await import("./start.mjs");
} else if (command === "web" || command === "worker") {
  await import("./start.mjs");
} else {
  if (!existsSync(cli)) await withSetupLock(buildCli);
  await import(pathToFileURL(cli).href);
}

async function buildCli() {
  console.error("Setting the coppice command up; this happens once.");
  if (!existsSync(path.join(projectFolder, "node_modules"))) {
    await installPackages({ label: "Installing packages" });
  }
  const { buildBundles } = await import("./build-bundles.mjs");
  await buildBundles(["cli"]);
}
