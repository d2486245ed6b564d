import { createHash, randomBytes, randomUUID } from "node:crypto";
import { count, eq, sql } from "drizzle-orm";
import { connectDatabase, type Transaction } from "@/db/client";
import { advisoryLocks } from "@/db/locks";
import { apiTokens, installation, members } from "@/db/schema";
import { hashToken, tokenPrefix } from "@/server/auth/token";
import { closeProducerOf, producerOf } from "@/server/jobs/jobs";
import { keepSecretsKey } from "@/server/secrets/keep-secrets-key";
import { seedStarterWorkflows } from "@/server/workflows/starters/seed-starters";

export interface PrepareInstallation {
  databaseUrl: string;
  home: string;
  publicUrl: string;
  /** From COPPICE_SETUP_TOKEN: an admin's API token that exists from the first start on. */
  setupToken?: string | undefined;
}

/**
 * Makes a migrated database ready for use: its installation id, the queues, the starter workflows and,
 * while nobody has an account, a fresh one-time link for the first one. Makes the home's key for secrets.
 */
export async function prepareInstallation(
  input: PrepareInstallation,
): Promise<{ setupUrl: string | null }> {
  await keepSecretsKey(input.home, process.env);
  const db = connectDatabase({
    url: input.databaseUrl,
    maxConnections: 2,
    name: "coppice-prepare",
    onError: (error) => console.error(`database: ${error.message}`),
  });
  try {
    await producerOf(db);
    const now = new Date();
    const token = await db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.prepareInstallation})`);
      await tx.insert(installation).values({ id: randomUUID() }).onConflictDoNothing();
      await keepSetupToken(tx, input.setupToken ?? process.env.COPPICE_SETUP_TOKEN, now);
      return openSetup(tx);
    });
    await seedStarterWorkflows(db, now);
    return { setupUrl: token ? `${input.publicUrl}/setup#token=${token}` : null };
  } finally {
    await closeProducerOf(db);
    await db.$client.end();
  }
}

async function keepSetupToken(
  tx: Transaction,
  token: string | undefined,
  now: Date,
): Promise<void> {
  if (!token) return;
  await tx
    .insert(apiTokens)
    .values({
      name: "set-up",
      role: "admin",
      prefix: tokenPrefix(token),
      hash: hashToken(token),
      createdBy: "system:set-up",
      createdAt: now,
    })
    .onConflictDoNothing();
}

/** A new link at each start: the console of the last one may be gone. Null once set-up has ended. */
async function openSetup(tx: Transaction): Promise<string | null> {
  const [{ people } = { people: 0 }] = await tx.select({ people: count() }).from(members);
  const [row] = await tx.select().from(installation);
  if (!row || row.setupEndedAt || people > 0) return null;
  const token = randomBytes(24).toString("base64url");
  await tx
    .update(installation)
    .set({ setupTokenHash: createHash("sha256").update(token).digest("hex") })
    .where(eq(installation.id, row.id));
  return token;
}
