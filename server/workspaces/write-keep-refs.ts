import { GitFailed, git } from "./git";
import { gitInMirror } from "./git-in-mirror";

export interface WriteKeepRefs {
  home: string;
  mirror: string;
  /** Of all the refs, e.g. `refs/coppice/keep/<run>/<attempt>`. */
  prefix: string;
  signal?: AbortSignal;
}

type Ref = [name: string, sha: string];

/**
 * Makes keep refs so that no commit that one of them held becomes unreachable: what a ref of an earlier
 * call stood at goes on being held under `was/`, and a name that no longer fits beside the others becomes
 * one by commit id.
 * @returns the refs as they were made.
 * @throws GitFailed
 */
export async function writeKeepRefs(input: WriteKeepRefs, refs: Ref[]): Promise<Ref[]> {
  if (refs.length === 0) return [];
  const { home, mirror, signal } = input;
  const write = (lines: string[]) =>
    gitInMirror(mirror, ["update-ref", "--stdin"], { home, input: lines.join(""), signal });
  try {
    await write(refs.map(([name, sha]) => `create ${name} ${sha}\n`));
    return refs;
  } catch (error) {
    if (
      !(error instanceof GitFailed) ||
      !/reference already exists|cannot lock ref/.test(error.stderr)
    ) {
      throw error;
    }
    const { lines, made } = planWrites(input.prefix, refs, await listRefs(input));
    if (lines.length > 0) await write(lines);
    return made;
  }
}

async function listRefs({ home, mirror, prefix, signal }: WriteKeepRefs) {
  const { stdout } = await git(["for-each-ref", "--format=%(refname) %(objectname)", prefix], {
    home,
    gitDir: mirror,
    signal,
  });
  const lines = stdout.toString().split("\n").filter(Boolean);
  return new Map(lines.map((line) => line.split(" ") as Ref));
}

function planWrites(prefix: string, refs: Ref[], present: Map<string, string>) {
  const all = new Map(present);
  const made: Ref[] = [];
  const lines: string[] = [];
  const create = (name: string, sha: string) => {
    if (all.get(name) !== sha) lines.push(`create ${name} ${sha}\n`);
    all.set(name, sha);
  };
  for (const [name, sha] of refs) {
    const old = present.get(name);
    const own = old !== undefined || fits(name, all) ? name : `${prefix}/by-id/${sha}`;
    made.push([own, sha]);
    if (old === undefined || own !== name) create(own, sha);
    else if (old !== sha) {
      create(`${prefix}/was/${old}`, old);
      lines.push(`update ${name} ${sha} ${old}\n`);
    }
  }
  return { lines, made };
}

/** git cannot hold `a` and `a/b` at once. */
function fits(name: string, all: Map<string, string>): boolean {
  for (const other of all.keys()) {
    if (other.startsWith(`${name}/`) || name.startsWith(`${other}/`)) return false;
  }
  return true;
}
