import { rm } from "node:fs/promises";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { deliveries, workEntries, workers } from "@/db/schema";
import { deliverRun } from "@/server/delivery/deliver-run";
import { getDelivery } from "@/server/delivery/get-delivery";
import { deliveriesChannel } from "@/server/delivery/plan-delivery";
import { type DeliveryView, isOpenDelivery } from "@/server/domain/delivery";
import { deliveryIdSchema, type RunId } from "@/server/domain/ids";
import { addRepository } from "@/server/repositories/add-repository";
import { startRun } from "@/server/runs/start-run";
import type { WorkerContext } from "../context";
import { openTrialInstallation, type TrialInstallation } from "../testing";
import { makeBareOrigin, makeSsh, serveGithub } from "./testing";

export type DeliveryTrial = Awaited<ReturnType<typeof openDeliveryTrial>>;

/** Writes what its message says, “file text”; told to merge, it does and keeps both sides. */
const command = `case "$COPPICE_MESSAGE" in
*"git merge"*) git merge -q "$(printf %s "$COPPICE_MESSAGE" | grep -o '[0-9a-f]\\{40\\}')" ||
  { printf 'both\\n' > a.txt; git commit -qam Resolved; } ;;
*) set -- $COPPICE_MESSAGE; echo "$2" > "$1"; git add -A; git commit -qm "Write $1" ;;
esac`;

/** A worker, a bare origin beside it, and one on a forge that is reached by ssh; all of them real but GitHub. */
export async function openDeliveryTrial() {
  const trial = await openTrialInstallation();
  const folder = `${trial.home}-origins`;
  const origin = makeBareOrigin(folder, "app");
  const forge = makeBareOrigin(path.join(folder, "acme"), "app");
  const github = await serveGithub();
  const environment: Record<string, string> = {
    PATH: `${makeSsh(path.join(folder, "bin"), folder)}:${process.env.PATH}`,
    COPPICE_ALLOW_PRIVATE_ORIGINS: "1",
    COPPICE_GITHUB_API: github.url,
    COPPICE_GITHUB_TOKEN: "ghp_forTheseTestsAndNothingElse0123456789",
    COPPICE_URL: "https://coppice.example.org",
  };
  const worker = await trial.startWorker({ environment });
  await addRepository(trial.context(), { name: "app", origin: origin.bare });
  await addRepository(trial.context(), { name: "forge", origin: "git@github.com:acme/app.git" });
  await trial.defineWorkflow("write", { command });
  const merge = { kind: "merge" as const, method: "squash" as const };
  await trial.defineWorkflow("careful", { command, delivery: { ...merge, when: "verified" } });
  await trial.defineWorkflow("bold", { command, delivery: { ...merge, when: "success" } });
  const [row] = await trial.database.db.select({ id: workers.id }).from(workers);
  const end = async () => {
    await trial.end();
    await github.close();
    await rm(folder, { recursive: true, force: true });
  };
  const parts = { trial, origin, forge, github, environment, worker, end, ...ways(trial) };
  /** As much of a worker's context as a look at pull requests needs. */
  const contextOfWorker = () => {
    const { db, url: databaseUrl } = trial.database;
    const log = (message: string) => parts.worker.log.push(message);
    const mine = { id: row?.id, name: "trial", host: "here" };
    const context = { db, databaseUrl, home: trial.home, worker: mine, environment, log };
    return context as unknown as WorkerContext;
  };
  return { ...parts, contextOfWorker };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** What the tests do again and again; each waits for what it asks. */
function ways(trial: TrialInstallation) {
  const { db } = trial.database;
  const ended = async (id: string): Promise<DeliveryView> => {
    for (;;) {
      const view = await getDelivery(db, { id });
      if (!isOpenDelivery(view.state)) return view;
      await pause();
    }
  };
  return {
    ended,
    run: async (message: string, workflow = "write", repository = "app") => {
      const { runId } = await startRun(trial.context(), { workflow, repository, message });
      return trial.waitForEnd(runId);
    },
    deliver: async (runId: RunId, wish: Omit<Parameters<typeof deliverRun>[1], "id">) =>
      ended((await deliverRun(trial.context(), { id: runId, ...wish })).id),
    /** What the work ledger says of all of a run's work, once it says what is expected. */
    ledgerSays: async (runId: RunId, expected: string) => {
      for (;;) {
        const rows = await db
          .select({ whereabouts: workEntries.whereabouts })
          .from(workEntries)
          .where(eq(workEntries.runId, runId));
        const said = [...new Set(rows.map((one) => String(one.whereabouts)))];
        if (said.length === 1 && said[0] === expected) return said;
        await pause();
      }
    },
    /** A delivery once it was tried in vain, or has ended. */
    untilTried: async (id: string) => {
      for (;;) {
        const where = eq(deliveries.id, deliveryIdSchema.parse(id));
        const [row] = await db.select().from(deliveries).where(where);
        if (row && (row.tries > 0 || !isOpenDelivery(row.state))) return row;
        await pause();
      }
    },
    /** Has it tried again at once. */
    tryNow: async (id: string) => {
      const where = eq(deliveries.id, deliveryIdSchema.parse(id));
      await db.update(deliveries).set({ nextTryAt: null }).where(where);
      await db.execute(sql`select pg_notify(${deliveriesChannel}, '')`);
    },
  };
}
