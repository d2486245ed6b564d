import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { projectFolder } from "./project-folder.mjs";

const entries = {
  supervisor: "server/supervisor/main.ts",
  worker: "server/worker/main.ts",
  cli: "server/cli/main.ts",
};
const scriptFolder = "server/agents"; // its shell scripts are read at run time, beside the bundle

/** Bundles the programs that are not Next's into `dist/`, with what they read beside themselves. */
export async function buildBundles(names = Object.keys(entries)) {
  const { build } = await import("esbuild");
  const present = names.filter((name) => existsSync(path.join(projectFolder, entries[name])));
  await build({
    absWorkingDir: projectFolder,
    entryPoints: Object.fromEntries(present.map((name) => [name, entries[name]])),
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    ...{ bundle: true, format: "esm", platform: "node", target: "node20", sourcemap: true },
    packages: "external",
    alias: { "@": projectFolder },
    logLevel: "warning",
  });
  copyScripts();
}

function copyScripts() {
  const from = path.join(projectFolder, scriptFolder);
  if (!existsSync(from)) return;
  mkdirSync(path.join(projectFolder, "dist"), { recursive: true });
  for (const name of readdirSync(from).filter((file) => file.endsWith(".sh"))) {
    copyFileSync(path.join(from, name), path.join(projectFolder, "dist", name));
  }
}
