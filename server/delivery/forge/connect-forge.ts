import { readForgeRepository } from "@/server/domain/forge-links";
import { connectGithub } from "./connect-github";
import type { Forge } from "./forge";

const publicApi = "https://api.github.com";

/**
 * The forge on which an origin lives, as far as this worker may use it: GitHub, or a GitHub Enterprise
 * server, with the token that the worker was given. Null for any other.
 */
export function connectForge(environment: NodeJS.ProcessEnv, origin: string): Forge | null {
  const token = environment.COPPICE_GITHUB_TOKEN?.trim();
  const repository = readForgeRepository(origin);
  if (!token || !repository) return null;
  const api = (environment.COPPICE_GITHUB_API?.trim() || publicApi).replace(/\/+$/, "");
  if (!URL.canParse(api)) return null;
  const isThere = ["github.com", new URL(api).hostname.toLowerCase()].includes(repository.host);
  return isThere ? connectGithub({ api, token, path: repository.path }) : null;
}
