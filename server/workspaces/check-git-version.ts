import { Unprocessable } from "@/server/domain/errors";
import { git } from "./git";

/**
 * Gives the version of the host's git, e.g. `2.39.5`.
 * @throws Unprocessable below 2.39.4, and for 2.40 to 2.45.0, which run code of a hostile local clone
 * (CVE-2024-32004, CVE-2024-32465).
 */
export async function checkGitVersion(home: string): Promise<string> {
  const { stdout } = await git(["version"], { home });
  const version = /\d+\.\d+\.\d+/.exec(stdout.toString())?.[0] ?? "0.0.0";
  if (!isSafeVersion(version)) {
    throw new Unprocessable(`git ${version} is too old to be used safely.`, {
      hint: "Install git 2.39.4 or newer; of the later ones, 2.45.1 or newer.",
      facts: { version },
    });
  }
  return version;
}

/** Patch releases that carry the fixes of May 2024, by minor version. */
const firstSafePatch: Record<number, number> = { 39: 4, 40: 2, 41: 1, 42: 2, 43: 4, 44: 1, 45: 1 };

export function isSafeVersion(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major !== 2) return major > 2;
  if (minor > 45) return true;
  const first = firstSafePatch[minor];
  return first !== undefined && patch >= first;
}
