import { git } from "./git";
import { explainOriginFailure, reachOrigin } from "./reach-origin";

const patterns = ["refs/heads/*", "refs/tags/*", "refs/coppice/*"];

/**
 * The branches and tags, and copies of Coppice's own refs, that the origin has at this moment, by the names they have in a mirror. The
 * mirror alone cannot tell: it keeps what the origin has deleted.
 * @throws OriginUnreachable, BadInput, Unprocessable (a refused host).
 */
export async function listLiveRefs(input: {
  home: string;
  origin: string;
  signal?: AbortSignal;
}): Promise<Map<string, string>> {
  const { home, signal } = input;
  const reach = await reachOrigin(input.origin);
  const args = ["ls-remote", "--refs", ...reach.flags, "--", reach.address, ...patterns];
  const { stdout } = await git(args, {
    home,
    timeoutSeconds: 30,
    signal,
    ...reach.options,
  }).catch((error: unknown) => {
    throw explainOriginFailure(error, reach.address);
  });
  const refs = new Map<string, string>();
  for (const [, sha, name] of stdout
    .toString("utf8")
    .matchAll(/^([0-9a-f]+)\t(refs\/(?:heads|tags|coppice)\/.+)$/gm)) {
    if (sha && name) refs.set(name.replace(/^refs\/heads\//, "refs/remotes/origin/"), sha);
  }
  return refs;
}
