import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { ensureMirror } from "./ensure-mirror";
import { git } from "./git";
import { mirrorPath } from "./layout";
import { explainOriginFailure, reachOrigin } from "./reach-origin";

export interface ReadOriginBranches {
  home: string;
  repositoryId: RepositoryId;
  origin: string;
  signal?: AbortSignal;
}

const maxRounds = 3;

/**
 * The branches that the origin has at this moment, by name; their commits are in the mirror afterwards.
 * @throws OriginUnreachable, BadInput, Unprocessable (a refused host), GitFailed.
 */
export async function readOriginBranches(input: ReadOriginBranches): Promise<Map<string, Sha>> {
  for (let round = 1; ; round += 1) {
    const branches = await listBranches(input);
    if (round === maxRounds || (await hasAll(input, [...branches.values()]))) return branches;
    await ensureMirror(input);
  }
}

async function listBranches({ home, origin, signal }: ReadOriginBranches) {
  const reach = await reachOrigin(origin);
  const args = ["ls-remote", "--heads", ...reach.flags, "--", reach.address];
  const options = { home, timeoutSeconds: 60, signal, ...reach.options };
  const { stdout } = await git(args, options).catch((error: unknown) => {
    throw explainOriginFailure(error, reach.address);
  });
  const branches = new Map<string, Sha>();
  for (const [, sha, name] of stdout.toString().matchAll(/^([0-9a-f]+)\trefs\/heads\/(.+)$/gm)) {
    if (name) branches.set(name, shaSchema.parse(sha));
  }
  return branches;
}

async function hasAll({ home, repositoryId, signal }: ReadOriginBranches, shas: Sha[]) {
  const { stdout } = await git(["cat-file", "--batch-check=%(objecttype)"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
    input: shas.map((sha) => `${sha}\n`).join(""),
    signal,
  });
  return !stdout.toString().includes("missing");
}
