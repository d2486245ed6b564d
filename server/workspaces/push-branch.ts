import { Unavailable, Unprocessable } from "@/server/domain/errors";
import { parseBranchName } from "@/server/domain/git-names";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { gitInMirror } from "./git-in-mirror";
import { inspectLocalOrigin } from "./inspect-local-origin";
import { mirrorPath } from "./layout";
import { explainOriginFailure, reachOrigin } from "./reach-origin";
import { type PushReport, readPushReport } from "./read-push-report";

export interface PushBranch {
  home: string;
  repositoryId: RepositoryId;
  origin: string;
  branch: string;
  /** Where the branch must stand at that moment; null: it must not exist. */
  old: Sha | null;
  /** Where it goes; null deletes it. */
  result: Sha | null;
  signal?: AbortSignal;
}

/** The repository's hooks would run with the rights of this account. */
class ForeignHooks extends Unprocessable {
  constructor(folder: string) {
    super(
      `${folder} belongs to another account and has hooks, which would run with the rights of Coppice's.`,
      { hint: "Give the repository to the account that runs Coppice, or register it by ssh." },
    );
  }
}

/**
 * Sets one branch of the origin, if it still stands where it is expected: compare and swap, one ref, all
 * or nothing. The origin's own hooks decide, none of ours run, and no checkout of anybody changes.
 * @returns what the origin answered.
 * @throws OriginUnreachable, GitFailed, Unavailable when nobody knows whether it happened: then the
 *   origin must be asked; ForeignHooks where it was not even tried.
 */
export async function pushBranch(input: PushBranch): Promise<PushReport> {
  const { home, repositoryId, old, result, signal } = input;
  const ref = `refs/heads/${parseBranchName(input.branch)}`;
  const reach = await reachOrigin(input.origin);
  const flags =
    reach.origin.kind === "local" ? await composeLocalFlags(home, reach.origin.path) : [];
  const lease = `--force-with-lease=${ref}:${old === null ? "" : shaSchema.parse(old)}`;
  const spec = `${result === null ? "" : shaSchema.parse(result)}:${ref}`;
  const options = { home, signal, timeoutSeconds: 600, okExitCodes: [0, 1], ...reach.options };
  const args = ["push", "--porcelain", "--no-verify", lease, ...flags, "--", reach.address, spec];
  const pushed = await gitInMirror(mirrorPath(home, repositoryId), args, options).catch(
    (error: unknown) => {
      throw explainOriginFailure(error, reach.address);
    },
  );
  const report = readPushReport(pushed.stdout.toString("utf8"), pushed.stderr);
  if (report) return report;
  throw new Unavailable("The connection to the origin broke off in the middle of the push.", {
    facts: { stderr: pushed.stderr },
  });
}

/** A branch that somebody has out is refused by git, whatever that repository's config says. */
async function composeLocalFlags(home: string, folder: string): Promise<string[]> {
  const { hooksPath, hasForeignHooks } = await inspectLocalOrigin(home, folder);
  if (hasForeignHooks) throw new ForeignHooks(folder);
  const settings = [
    "safe.directory=*",
    "receive.denyCurrentBranch=refuse",
    `core.hooksPath=${hooksPath}`,
  ];
  const program = ["git", ...settings.flatMap((setting) => ["-c", quote(setting)]), "receive-pack"];
  return [`--receive-pack=${program.join(" ")}`];
}

/** The program is read by a shell. */
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
