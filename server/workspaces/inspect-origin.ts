import { access, constants, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { type Sha, shaSchema } from "@/server/domain/ids";
import { exists } from "./exists";
import { git } from "./git";
import { explainOriginFailure, isGitFolder, OriginUnreachable, reachOrigin } from "./reach-origin";

export interface OriginFacts {
  defaultBranch: string;
  headSha: Sha;
  branches: string[];
}

/**
 * Looks at a repository before it is registered: its branches and the one to start from. Waits at
 * most 30 seconds.
 * @throws BadInput for an address of a wrong form, Unprocessable for a refused host,
 * OriginUnreachable with the reason for everything else.
 */
export async function inspectOrigin(input: { home: string; origin: string }): Promise<OriginFacts> {
  const { origin, address, flags, options } = await reachOrigin(input.origin);
  if (origin.kind === "local") await checkLocalFolder(origin.path, input.home);
  const patterns = ["HEAD", "refs/heads/*"];
  const args = ["ls-remote", "--symref", ...flags, "--", address, ...patterns];
  const listed = await git(args, { home: input.home, timeoutSeconds: 30, ...options }).catch(
    (error: unknown) => {
      throw explainOriginFailure(error, address);
    },
  );
  return readListing(listed.stdout.toString(), address);
}

async function checkLocalFolder(folder: string, home: string): Promise<void> {
  const refuse = (reason: "missing" | "not_a_repository" | "unreadable" | "inside_home") => {
    const [message, hint] = localProblems[reason];
    throw new OriginUnreachable(reason, `${folder} ${message}`, hint);
  };
  if (!(await exists(folder).catch(() => refuse("unreadable")))) refuse("missing");
  if (!(await stat(folder)).isDirectory()) refuse("not_a_repository");
  await access(folder, constants.R_OK | constants.X_OK).catch(() => refuse("unreadable"));
  const [real, realHome] = await Promise.all([realpath(folder), realpath(home)]);
  if (`${real}${path.sep}`.startsWith(`${realHome}${path.sep}`)) refuse("inside_home");
  const isRepository = (await exists(path.join(folder, ".git"))) || (await isGitFolder(folder));
  if (!isRepository) refuse("not_a_repository");
}

const localProblems = {
  missing: ["does not exist on this host.", "Give the path of a repository on the worker's host."],
  not_a_repository: [
    "is not a git repository.",
    "Give the folder that holds “.git”, or run “git init” and commit there first.",
  ],
  unreadable: [
    "cannot be read by the account that runs Coppice.",
    "Give that account the right to read the folder.",
  ],
  inside_home: [
    "lies inside Coppice's own home.",
    "Register the repository that the work comes from, not Coppice's copy of it.",
  ],
} as const;

function readListing(text: string, address: string): OriginFacts {
  const lines = text.split("\n").filter(Boolean);
  const shas = new Map<string, string>();
  let headBranch: string | undefined;
  for (const line of lines) {
    const [value = "", name = ""] = line.split("\t");
    if (value.startsWith("ref: ")) headBranch = value.slice("ref: refs/heads/".length);
    else shas.set(name, value);
  }
  const branches = [...shas.keys()]
    .filter((name) => name.startsWith("refs/heads/"))
    .map((name) => name.slice("refs/heads/".length));
  const headSha = shas.get("HEAD");
  const named = branches.find((branch) => branch === headBranch);
  const sameHead = branches.find((branch) => shas.get(`refs/heads/${branch}`) === headSha);
  const usual = branches.find((branch) => branch === "main" || branch === "master");
  const defaultBranch = named ?? sameHead ?? usual ?? branches[0];
  if (!defaultBranch) {
    throw new OriginUnreachable(
      "empty",
      `${address} has no commit on any branch yet.`,
      "Commit something to it first.",
    );
  }
  const sha = shaSchema.parse(shas.get(`refs/heads/${defaultBranch}`));
  return { defaultBranch, headSha: sha, branches };
}
