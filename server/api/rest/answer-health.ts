import { version } from "@/package.json";
import type { Door } from "@/server/auth/door";
import { describeError } from "@/server/domain/errors";
import { listWorkers } from "@/server/workers/list-workers";

const patienceMilliseconds = 3_000;

/**
 * Whether this process reaches its database, and how many workers are alive. For anybody: it tells
 * nothing else.
 */
export async function answerHealth(openDoor: () => Promise<Door>): Promise<Response> {
  try {
    const workers = await countWorkers(openDoor, AbortSignal.timeout(patienceMilliseconds));
    return answer(200, { status: "ok", version, database: "ok", workers });
  } catch (error) {
    console.error(`health: ${describeError(error)}`);
    return answer(503, { status: "unavailable", version, database: "away", workers: 0 });
  }
}

async function countWorkers(openDoor: () => Promise<Door>, timeout: AbortSignal): Promise<number> {
  const late = new Promise<never>((_, reject) => {
    timeout.addEventListener("abort", () => reject(timeout.reason), { once: true });
  });
  const counting = openDoor().then(({ db }) => listWorkers(db, new Date()));
  const { items } = await Promise.race([counting, late]);
  return items.filter((worker) => worker.isAlive).length;
}

function answer(status: number, body: object): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store" } });
}
