import { Unprocessable } from "@/server/domain/errors";
import { git } from "./git";

export interface GitVersion {
  /** E.g. `2.39.5`. */
  version: string;
  /** What to look into, for releases that are safe only as a distribution patched them. */
  warning: string | null;
}

/**
 * Looks at the host's git. From 2.40 to 2.45.0 the first releases run code of a hostile local clone
 * (CVE-2024-32004, CVE-2024-32465); distributions ship them mended under the old number.
 * @throws Unprocessable below 2.39.4.
 */
export async function checkGitVersion(home: string): Promise<GitVersion> {
  const { stdout } = await git(["version"], { home });
  const version = /\d+\.\d+\.\d+/.exec(stdout.toString())?.[0] ?? "0.0.0";
  if (isSafeVersion(version)) return { version, warning: null };
  if (isBelow(version)) {
    throw new Unprocessable(`git ${version} is too old to be used safely.`, {
      hint: "Install git 2.39.4 or newer.",
      facts: { version },
    });
  }
  const warning = `git ${version}: make sure that your distribution has mended CVE-2024-32004 and CVE-2024-32465 in it, or install 2.45.1 or newer.`;
  return { version, warning };
}

function isBelow(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return major < 2 || (major === 2 && (minor < 39 || (minor === 39 && patch < 4)));
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
