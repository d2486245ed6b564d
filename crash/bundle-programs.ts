import { copyFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

export interface Programs {
  worker: string;
  web: string;
}

/** Bundles what the tests kill, as the product bundles it, so that starting it again takes no time. */
export async function bundlePrograms(projectFolder: string, folder: string): Promise<Programs> {
  await build({
    absWorkingDir: projectFolder,
    entryPoints: { worker: "server/worker/main.ts", web: "crash/web-process.ts" },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    ...{ bundle: true, format: "esm", platform: "node", target: "node20", sourcemap: true },
    packages: "external",
    alias: { "@": projectFolder },
    logLevel: "warning",
  });
  copyFileSync(path.join(projectFolder, "server/agents/keeper.sh"), path.join(folder, "keeper.sh"));
  return { worker: path.join(folder, "worker.mjs"), web: path.join(folder, "web.mjs") };
}
