import { DomainError, NotFound } from "@/server/domain/errors";
import type { RunView } from "@/server/domain/run-view";
import type { SearchHit } from "@/server/domain/views";
import type { Json, RestClient } from "./open-rest-client";

export interface FoundRun {
  run: Json<RunView>;
  /** What was matched, when it was not the run's own id or number. */
  matched: string | null;
  /** How many other runs the same text leads to. */
  others: Json<SearchHit>[];
}

/**
 * The run to which any id, sha, branch, path, pid or #number leads; of several the live or newest one.
 * @throws NotFound
 */
export async function findRun(client: RestClient, text: string): Promise<FoundRun> {
  const direct = await readRun(client, text);
  if (direct) return { run: direct, matched: null, others: [] };
  const { items } = await client.get<{ items: Json<SearchHit>[] }>("/search", { q: text });
  const [first, ...others] = items;
  const run = first && (await readRun(client, first.run.id));
  if (!first || !run) {
    throw new NotFound("run that belongs to", text, {
      hint: "Any id, a sha of at least 7 digits, a branch, a path, a pid or #number leads to a run.",
    });
  }
  return { run, matched: first.matched, others };
}

async function readRun(client: RestClient, key: string): Promise<Json<RunView> | null> {
  if (!/^#?\d+$|^[0-9a-f-]{36}$/i.test(key)) return null;
  try {
    return await client.get<Json<RunView>>(`/runs/${encodeURIComponent(key)}`);
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") return null;
    throw error;
  }
}
