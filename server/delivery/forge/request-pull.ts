import { type Forge, ForgeRefused, type PullRequest, type RequestText } from "./forge";

/**
 * Opens the pull request of a branch, or brings the open one up to date. Done again it finds what was
 * opened before, also by a call whose answer was lost.
 * @throws ForgeRefused, ForgeAway
 */
export async function requestPull(
  forge: Forge,
  head: string,
  base: string,
  text: RequestText,
): Promise<PullRequest> {
  const known = await forge.findOpen(head, base);
  if (known) return forge.update(known.number, text);
  try {
    return await forge.open(head, base, text);
  } catch (error) {
    // “Already exists”: somebody was faster.
    if (!(error instanceof ForgeRefused) || error.facts.status !== 422) throw error;
    const other = await forge.findOpen(head, base);
    if (!other) throw error;
    return forge.update(other.number, text);
  }
}
