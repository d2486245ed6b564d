import path from "node:path";
import type { Access, Confine } from "@/server/domain/confinement";
import { composeGitEnvironment } from "./compose-git-environment";
import { GitFailed } from "./git";
import { gitInMirror } from "./git-in-mirror";
import { writeGitConfig } from "./write-git-config";

export interface FetchFromClone {
  home: string;
  mirror: string;
  workspace: string;
  confine: Confine;
  signal?: AbortSignal;
}

/**
 * Fetches commits by their ids from an agent's clone into the mirror; they get no ref here. One that
 * the clone no longer has makes git refuse all, so they are then fetched one by one.
 * @returns why something did not come, or null.
 */
export async function fetchFromClone(
  input: FetchFromClone,
  shas: string[],
): Promise<string | null> {
  if (shas.length === 0) return null;
  try {
    await fetchAll(input, shas);
    return null;
  } catch (error) {
    if (!(error instanceof GitFailed) || input.signal?.aborted) throw error;
    if (shas.length === 1 || error.timedOut) return error.message;
    return fetchEach(input, shas);
  }
}

async function fetchEach(input: FetchFromClone, shas: string[]): Promise<string | null> {
  let problem: string | null = null;
  for (const sha of shas) problem = (await fetchFromClone(input, [sha])) ?? problem;
  return problem;
}

async function fetchAll(input: FetchFromClone, shas: string[]): Promise<void> {
  const { home, mirror, workspace, signal } = input;
  const quiet = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"];
  const uploadPack = await composeUploadPack(input);
  const args = ["fetch", ...quiet, "--no-recurse-submodules", `--upload-pack=${uploadPack}`, "--"];
  await gitInMirror(mirror, [...args, path.join(workspace, ".git"), ...shas], {
    home,
    allowProtocols: "file",
    settings: { "fetch.fsckObjects": "true" },
    timeoutSeconds: 600,
    signal,
  });
}

/**
 * What reads the agent's repository. git hands this to a shell and adds the path at its end, which
 * is why every word is quoted and `confine` has to leave the command's words at the end.
 */
async function composeUploadPack({ home, mirror, workspace, confine }: FetchFromClone) {
  const environment = composeGitEnvironment({ home }, await writeGitConfig(home));
  // Only protocol 2 gives commits that no ref names.
  environment.GIT_PROTOCOL = "version=2";
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  // The agent may be another account; that its folder is what we mean to read was checked before.
  const reader = ["git", "-c", "safe.directory=*", "upload-pack", "--strict", "--timeout=120"];
  const access: Access = {
    readWrite: [],
    readOnly: [workspace, path.join(mirror, "objects"), path.join(home, "git")],
    network: false,
  };
  return confine(["env", "-i", ...assignments, ...reader], access)
    .map(quote)
    .join(" ");
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
