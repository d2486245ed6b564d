import { setTimeout as delay } from "node:timers/promises";
import { type RunId, runIdSchema } from "@/server/domain/ids";
import { startRun } from "@/server/runs/start-run";
import type { Site } from "./site";

const retryMs = 100;

/**
 * Starts a run as a careful client does: by HTTP where a web process is part of the case, with one
 * idempotency key, again and again until there is an answer.
 */
export async function triggerRun(site: Site, key: string, workflow = "crash"): Promise<RunId> {
  const input = {
    workflow,
    repository: "origin",
    message: site.evidence,
    idempotencyKey: key,
  };
  if (!site.web) return (await startRun(site.context(), input)).runId;
  return site.until("an answer to the trigger", async () => {
    const id = await post(site, input).catch((error: unknown) => {
      if (error instanceof TypeError) return null; // refused or cut off: no web is there
      throw error;
    });
    if (!id) await delay(retryMs);
    return id;
  });
}

/** Null when the web could not do it now. */
async function post({ lane }: Site, input: object): Promise<RunId | null> {
  const response = await fetch(`http://127.0.0.1:${lane.port}/api/v1/runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${lane.token}`, "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (response.status >= 500) return null;
  if (!response.ok) throw new Error(`POST /runs: ${response.status} ${text}`);
  return runIdSchema.parse((JSON.parse(text) as { id: string }).id);
}
