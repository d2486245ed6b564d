import { execFile } from "node:child_process";
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { asFields, asText, parseFields } from "./json-fields";

const versions = new Map<string, string>();

/**
 * The version of a program: that of the npm package it belongs to, else what it answers to “--version”.
 * Asked once per installed file: an upgrade is another file or another time.
 * @throws Error when it does not answer within ten seconds.
 */
export async function readProgramVersion(program: string): Promise<string> {
  const file = realpathSync(program);
  const key = `${file} ${statSync(file).mtimeMs}`;
  const version =
    versions.get(key) ?? readPackageVersion(file, basename(program)) ?? (await askVersion(program));
  versions.set(key, version);
  return version;
}

/** To start some of these programs takes more than a second. */
function readPackageVersion(file: string, name: string): string | null {
  let folder = dirname(file);
  for (let depth = 0; depth < 3; depth++, folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (!existsSync(path)) continue;
    const fields = parseFields(readFileSync(path, "utf8"));
    const isIts = asFields(fields?.bin)?.[name] !== undefined || asText(fields?.name) === name;
    return isIts ? asText(fields?.version) : null;
  }
  return null;
}

async function askVersion(program: string): Promise<string> {
  const run = promisify(execFile);
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", DISABLE_AUTOUPDATER: "1" };
  const { stdout } = await run(program, ["--version"], {
    timeout: 10_000,
    env: env as unknown as NodeJS.ProcessEnv,
  });
  return /\d+(?:\.\d+)+[\w.-]*/.exec(stdout)?.[0] ?? stdout.trim().slice(0, 40);
}
