import { join } from "node:path";
import { sql } from "drizzle-orm";
import { advisoryLocks } from "@/db/locks";
import { repositories } from "@/db/schema";
import { createSampleRepository } from "@/server/workspaces/create-sample-repository";
import { type WorkerContext, workerActor } from "./context";

/** So that Run works at once: an installation without any repository gets a small one to try. */
export async function offerSampleRepository(context: WorkerContext): Promise<void> {
  const [any] = await context.db.select({ id: repositories.id }).from(repositories).limit(1);
  if (any) return;
  const path = join(context.home, "sample");
  await createSampleRepository({ home: context.home, path });
  await context.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.prepareInstallation})`);
    const [other] = await tx.select({ id: repositories.id }).from(repositories).limit(1);
    if (other) return;
    await tx.insert(repositories).values({
      name: "sample",
      origin: path,
      defaultBranch: "main",
      workerId: context.worker.id,
      createdBy: workerActor(context),
    });
  });
}
