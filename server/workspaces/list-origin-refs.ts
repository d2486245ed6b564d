import { stat } from "node:fs/promises";
import { git } from "./git";
import { fetchRecordPath } from "./layout";

/** The origin's branches and tags, as the mirror has them since its last fetch. */
export interface OriginRefs {
  /** In the form of a packed-refs file, sorted and with peeled tags, which spares git reading them. */
  packedRefs: string;
  /** Commit ids of the branches by their short names. */
  branches: Map<string, string>;
}

const known = new Map<string, { fetchedAt: string; refs: OriginRefs }>();

/** Lists them once for each fetch: only a fetch of ours changes them. */
export async function listOriginRefs(home: string, mirror: string): Promise<OriginRefs> {
  const { mtimeNs, size } = await stat(fetchRecordPath(mirror), { bigint: true });
  const fetchedAt = `${mtimeNs} ${size}`;
  const cached = known.get(mirror);
  if (cached?.fetchedAt === fetchedAt) return cached.refs;
  const refs = await askGit(home, mirror);
  known.set(mirror, { fetchedAt, refs });
  return refs;
}

async function askGit(home: string, mirror: string): Promise<OriginRefs> {
  const format = "%(objectname) %(refname)%(if)%(*objectname)%(then)%0a^%(*objectname)%(end)";
  const args = ["for-each-ref", "--sort=refname", `--format=${format}`];
  const { stdout } = await git([...args, "refs/remotes/origin", "refs/tags"], {
    home,
    gitDir: mirror,
  });
  const text = stdout.toString("utf8");
  const branches = new Map<string, string>();
  for (const [, sha, name] of text.matchAll(/^([0-9a-f]+) refs\/remotes\/origin\/(.+)$/gm)) {
    if (sha && name) branches.set(name, sha);
  }
  return { packedRefs: `# pack-refs with: peeled fully-peeled sorted \n${text}`, branches };
}
