import type { WorkspaceId } from "@/server/domain/ids";

const held = new Map<WorkspaceId, Promise<unknown>>();

/** One removal of a workspace at a time: a person's and a cleanup's meet in the same worker. */
export async function holdWorkspace<Result>(
  id: WorkspaceId,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = held.get(id);
  const own = (async () => {
    await before?.catch(() => undefined);
    return work();
  })();
  held.set(id, own);
  try {
    return await own;
  } finally {
    if (held.get(id) === own) held.delete(id);
  }
}
