// `npm run build`: bundles supervisor, worker and CLI, then builds the pages.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildBundles } from "./build-bundles.mjs";
import { computeBuildStamp, stampFile } from "./build-stamp.mjs";
import { projectFolder } from "./project-folder.mjs";
import { setupEnvironment } from "./run-step.mjs";

const stamp = computeBuildStamp(); // before the build: what changes during it makes it stale
rmSync(stampFile, { force: true }); // a build that is killed is no build
await buildBundles();
const next = path.join(projectFolder, "node_modules", "next", "dist", "bin", "next");
const { status } = spawnSync(process.execPath, [next, "build"], {
  cwd: projectFolder,
  env: setupEnvironment(),
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);
mkdirSync(path.dirname(stampFile), { recursive: true });
writeFileSync(stampFile, stamp);
