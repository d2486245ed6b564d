import type { Database } from "@/db/client";
import type { Actor, Role } from "@/server/domain/actor";
import { recordAudit } from "./record-audit";

/** Notes that somebody known tried what their role does not allow. */
export async function recordRefusal(
  db: Database,
  refusal: { actor: Actor; procedure: string; needed: Role; now: Date },
): Promise<void> {
  const { actor, procedure, needed, now } = refusal;
  const facts = { needed };
  await db.transaction((tx) =>
    recordAudit(tx, {
      actor,
      action: "access.refused",
      target: `procedure:${procedure}`,
      facts,
      now,
    }),
  );
}
