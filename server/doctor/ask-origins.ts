import type { HostRows } from "@/server/differences/read-host-rows";
import { probeOrigin } from "@/server/workspaces/probe-origin";
import type { DoctorHost, HostFacts } from "./host-facts";

type Repository = HostRows["repositories"][number];
type Answer = HostFacts["origins"][number];

/** A remote origin is other people's server: it is asked once an hour, or when a person wants it. */
const remoteEveryMs = 3600 * 1000;
/** What remote origins answered last: a hint that a restart may forget. */
const answers = new Map<string, { at: number; problem: string | null }>();

/** Whether the origins of the repositories that this host works with can be read from here. */
export async function askOrigins(
  host: DoctorHost,
  rows: HostRows,
  mirrors: { repositoryId: string }[],
  which: "all" | "due",
): Promise<Answer[]> {
  const used = new Set(mirrors.map(({ repositoryId }) => repositoryId));
  const asked = rows.repositories.filter(
    ({ id, workerId }) => workerId === host.worker.id || (workerId === null && used.has(id)),
  );
  const found: Answer[] = [];
  for (const repository of asked) found.push(await askOrigin(host, repository, which));
  return found;
}

async function askOrigin(
  { home }: DoctorHost,
  { id, origin }: Repository,
  which: "all" | "due",
): Promise<Answer> {
  const last = answers.get(origin);
  const isFresh = last !== undefined && Date.now() - last.at < remoteEveryMs;
  if (which === "due" && isFresh && !origin.startsWith("/")) {
    return { repositoryId: id, problem: last.problem };
  }
  const problem = await probeOrigin({ home, origin });
  answers.set(origin, { at: Date.now(), problem });
  return { repositoryId: id, problem };
}
