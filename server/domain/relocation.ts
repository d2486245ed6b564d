/** What decides whether a run that is bound to a lost host can go on elsewhere. */
export interface RelocationFacts {
  /** Name of the lost host's worker. */
  worker: string;
  host: string;
  repository: string;
  /** The repository is a path on the lost host, so no other host can read it. */
  isOriginOnLostHost: boolean;
  /** An earlier run of the session, or of this workspace, has left work that this one begins from. */
  neededWork: {
    /** Where the session stood. */
    sha: string;
    /** That commit is the origin's own: a base, not our work. */
    isFromOrigin: boolean;
    /** It was pushed to the origin under refs/coppice. */
    isAtOrigin: boolean;
  } | null;
  /** The repository's work is pushed to the origin under refs/coppice after each attempt. */
  keepsAtOrigin: boolean;
}

export type Relocation = { canMove: true } | { canMove: false; waitsFor: string };

/**
 * Whether another host can have the work that a run begins from. Work that lies on the lost host
 * alone is waited for, never replaced.
 */
export function decideRelocation(facts: RelocationFacts): Relocation {
  const where = `“${facts.worker}” on ${facts.host}`;
  if (facts.isOriginOnLostHost) {
    return {
      canMove: false,
      waitsFor: `It waits for the worker ${where}: the repository ${facts.repository} is a folder of that host.`,
    };
  }
  const { neededWork } = facts;
  if (!neededWork || neededWork.isFromOrigin || neededWork.isAtOrigin) return { canMove: true };
  const sha = neededWork.sha.slice(0, 12);
  const why = facts.keepsAtOrigin
    ? "it was not pushed to the origin before the host was lost"
    : `${facts.repository} does not keep its work at the origin`;
  return {
    canMove: false,
    waitsFor: `It waits for the worker ${where}: the session's work (${sha}) lies there alone, because ${why}.`,
  };
}
