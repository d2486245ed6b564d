import { parseOrigin } from "./git-names";

/** A repository on a forge: its host, and its path there without “.git”. */
export interface ForgeRepository {
  host: string;
  path: string;
}

/** Where an origin's repository lives on a forge; null for a local path. */
export function readForgeRepository(origin: string): ForgeRepository | null {
  const parsed = parseOrigin(origin);
  if (parsed.kind === "local") return null;
  const scp = /^[^/@]+@[^:/]+:(?!\/)(.+)$/.exec(parsed.url);
  const raw = scp?.[1] ?? new URL(parsed.url).pathname;
  const path = raw.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
  const isWhole = path.split("/").length >= 2 && path.split("/").every(Boolean);
  return isWhole ? { host: parsed.host.toLowerCase(), path } : null;
}

type Compose = (address: string, base: string, branch: string) => string;

const forges: [RegExp, Compose][] = [
  [
    /(^|\.)gitlab\./,
    (address, base, branch) =>
      `${address}/-/merge_requests/new?merge_request%5Bsource_branch%5D=${encodeURIComponent(branch)}&merge_request%5Btarget_branch%5D=${encodeURIComponent(base)}`,
  ],
  [
    /(^|\.)bitbucket\.org$/,
    (address, base, branch) =>
      `${address}/pull-requests/new?source=${encodeURIComponent(branch)}&dest=${encodeURIComponent(base)}`,
  ],
  [
    /(^|\.)(github|gitea|forgejo)\.|^codeberg\.org$/,
    (address, base, branch) => `${address}/compare/${spell(base)}...${spell(branch)}`,
  ],
];

/**
 * The page of an origin's forge on which a pull request of a branch is made: GitHub, GitLab, Bitbucket,
 * Gitea, Forgejo and Codeberg by their hosts' names. Null for others and for local paths.
 */
export function composeCompareUrl(origin: string, base: string, branch: string): string | null {
  const repository = readForgeRepository(origin);
  const forge = forges.find(([host]) => repository && host.test(repository.host));
  if (!repository || !forge || base === branch) return null;
  return forge[1](`https://${repository.host}/${spell(repository.path)}`, base, branch);
}

/** Slashes stay as they are in an address. */
const spell = (text: string) => text.split("/").map(encodeURIComponent).join("/");
