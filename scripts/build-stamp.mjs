import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { projectFolder } from "./project-folder.mjs";

const folders = ["app", "components", "server", "db", "public"];
const files = [
  ...["package-lock.json", "tsconfig.json", "next.config.ts", "postcss.config.mjs", "proxy.ts"],
  ...["instrumentation.ts", "instrumentation.node.ts", "scripts/build.mjs"],
  "scripts/build-bundles.mjs",
];

/** Holds the stamp of the sources that `dist` and `.next` were built from. */
export const stampFile = path.join(projectFolder, "dist", ".stamp");

export function isBuilt() {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === computeBuildStamp();
}

/** A hash of all that goes into the build, by content: a checkout changes every file's time. */
export function computeBuildStamp() {
  const hash = createHash("sha256").update(process.versions.modules);
  for (const file of [...files, ...folders.flatMap(listSources)]) {
    const at = path.join(projectFolder, file);
    if (existsSync(at)) hash.update(`\n${file}\n`).update(readFileSync(at));
  }
  return hash.digest("hex");
}

function listSources(folder) {
  const at = path.join(projectFolder, folder);
  if (!existsSync(at)) return [];
  return readdirSync(at, { recursive: true })
    .map((name) => path.join(folder, name))
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .filter((file) => statSync(path.join(projectFolder, file)).isFile())
    .sort();
}
