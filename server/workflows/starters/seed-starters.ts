import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { workflows } from "@/db/schema";
import type { Actor } from "@/server/domain/actor";
import { insertWorkflow } from "../create-workflow";
import { parseDefinition } from "../parse-definition";
import { brain } from "./brain";
import { builder } from "./builder";
import { genie } from "./genie";
import { guardian } from "./guardian";
import { lina } from "./lina";
import { script } from "./script";
import { shipper } from "./shipper";
import type { StarterWorkflow } from "./starter-workflow";
import { surgeon } from "./surgeon";

export const starterWorkflows: readonly StarterWorkflow[] = [
  builder,
  guardian,
  surgeon,
  shipper,
  brain,
  lina,
  genie,
  script,
];

const seeder: Actor = { kind: "system", name: "starter" };

/**
 * Gives a new installation its first workflows. Does nothing once any workflow exists, archived ones
 * too, so that what a team removed or renamed never comes back.
 * @returns how many were made.
 */
export async function seedStarterWorkflows(db: Database, now: Date): Promise<number> {
  return db.transaction(async (tx) => {
    // Two processes that start together take their turns; the second one finds the table filled.
    await tx.execute(sql`lock table ${workflows} in share row exclusive mode`);
    const [existing] = await tx.select({ id: workflows.id }).from(workflows).limit(1);
    if (existing) return 0;
    for (const { name, definition } of starterWorkflows) {
      await insertWorkflow(tx, {
        name,
        definition: parseDefinition(definition),
        actor: seeder,
        now,
      });
    }
    return starterWorkflows.length;
  });
}
