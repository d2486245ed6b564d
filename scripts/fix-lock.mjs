// Completes package-lock.json with platform-only optional packages that the registry in use did not
// serve: npm leaves those out, and `npm ci` then fails on every machine. Changes nothing when
// nothing is missing. Usage: node scripts/fix-lock.mjs [package-lock.json …]
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

// In this order: “linux-arm64-android” is android's, “arm64” is not “arm”.
const systems = "android darwin win32 freebsd netbsd openbsd openharmony sunos aix linux".split(
  " ",
);
const processors = "wasm32 arm64 loong64 mips64el ppc64 riscv64 s390x ia32 x64 arm".split(" ");

const project = path.resolve(import.meta.dirname, "..");
const known = [
  "package-lock.json",
  "e2e/agents/package-lock.json",
  "e2e/agents-more/package-lock.json",
]
  .map((file) => path.join(project, file))
  .filter((file) => existsSync(file));
const files = process.argv.length > 2 ? process.argv.slice(2) : known;

for (const file of files) {
  const added = fixLock(file);
  console.log(`${path.relative(process.cwd(), file)}: ${added} entries added`);
}

function fixLock(file) {
  const before = readFileSync(file, "utf8");
  const lock = JSON.parse(before);
  const missing = findMissing(lock.packages);
  const packages = { ...dropResolved(lock.packages), ...missing };
  lock.packages = Object.fromEntries(Object.entries(packages).sort(byName));
  const after = `${JSON.stringify(lock, null, 2)}\n`;
  if (after !== before) {
    writeFileSync(`${file}.${process.pid}`, after);
    renameSync(`${file}.${process.pid}`, file);
  }
  return Object.keys(missing).length;
}

/** The optional packages that another one names and the lock file lacks. */
function findMissing(packages) {
  const missing = {};
  for (const [at, parent] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (resolves(packages, at, name)) continue;
      const entry = describePlatform(name, version, parent.dev === true);
      if (entry) missing[`node_modules/${name}`] = entry;
      else console.log(`skipped ${name}@${version}: not one exact version of one platform`);
    }
  }
  return missing;
}

/** Looks as Node does: beside the parent, then in each folder above it. */
function resolves(packages, at, name) {
  for (let folder = at; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, "")) {
    if (packages[`${folder ? `${folder}/` : ""}node_modules/${name}`]) return true;
    if (folder === "") return false;
  }
}

/** os, cpu and libc as npm wants them, from the package's name; null when the name does not tell. */
function describePlatform(name, version, isDev) {
  const platform = name
    .split("/")
    .at(-1)
    .replace("windows", "win32")
    .replace(/armhf|armv7/, "arm");
  const os = systems.find((word) => platform.includes(word));
  const cpu = processors.find((word) => platform.includes(word));
  if (!cpu || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) return null;
  const libc = platform.includes("musl") ? "musl" : platform.includes("gnu") ? "glibc" : null;
  return {
    version,
    cpu: [cpu],
    ...(isDev && { dev: true }),
    ...(libc && os === "linux" && { libc: [libc] }),
    optional: true,
    ...(os && { os: [os] }),
  };
}

/** A lock file without addresses installs from whatever registry a machine is set to. */
function dropResolved(packages) {
  return Object.fromEntries(
    Object.entries(packages).map(([at, { resolved, ...rest }]) => [
      at,
      rest.link ? { resolved, ...rest } : rest,
    ]),
  );
}

function byName([left], [right]) {
  return left < right ? -1 : left > right ? 1 : 0;
}
