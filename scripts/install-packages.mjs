import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectFolder } from "./project-folder.mjs";
import { runStep } from "./run-step.mjs";

/**
 * Installs what `<folder>/package-lock.json` names, unless that has been done already. One install
 * serves `npm start` and `npm test`: switching between two would cost a reinstall each time.
 */
export async function installPackages({ folder = projectFolder, label, log = "install" }) {
  const stampFile = path.join(folder, "node_modules", ".coppice-stamp");
  const stamp = computeStamp(folder);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  if (!existsSync(stampFile) && isInstalledByHand(folder)) return writeFileSync(stampFile, stamp);
  await runStep({
    ...{ label, log, folder },
    command: process.platform === "win32" ? "npm.cmd" : "npm",
    args: ["ci", "--no-audit", "--no-fund", "--include=dev", "--include=optional"],
  });
  writeFileSync(stampFile, stamp);
}

function computeStamp(folder) {
  const { platform, arch, versions } = process;
  return createHash("sha256")
    .update(readFileSync(path.join(folder, "package-lock.json")))
    .update(`${platform} ${arch} ${versions.modules}`)
    .digest("hex");
}

/** Whether `npm install` has put there what the lock file names: npm notes at its end what it did. */
function isInstalledByHand(folder) {
  const note = path.join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(note)) return false;
  const wanted = readPackages(path.join(folder, "package-lock.json"));
  const present = readPackages(note);
  return Object.entries(wanted).every(
    ([at, entry]) => at === "" || entry.optional || present[at]?.version === entry.version,
  );
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}
