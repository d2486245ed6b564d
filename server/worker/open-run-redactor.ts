import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runs } from "@/db/schema";
import type { Redactor } from "@/server/agents/redact";
import { describeError } from "@/server/domain/errors";
import type { RunId } from "@/server/domain/ids";
import { placeOf } from "@/server/secrets/place-of";
import { readKeyring } from "@/server/secrets/read-keyring";
import { readRunSecrets, type SecretsOf } from "@/server/secrets/read-run-secrets";
import type { WorkerContext } from "./context";
import { createSecretRedactor } from "./create-secret-redactor";

/**
 * The redactor for all that is stored of a run: the worker's own secrets, the run's, and those that it
 * may have been given before they were replaced. One that cannot be decrypted is named in the log and
 * was not given to any agent by this worker either.
 */
export async function openRunRedactor(
  context: WorkerContext,
  of: SecretsOf,
  db: Executor = context.db,
): Promise<Redactor> {
  const rows = await readRunSecrets(db, of, { isWithRetired: true });
  if (rows.length === 0) return createSecretRedactor(context);
  const keyring = await readKeyring(context.home, context.environment).catch((error: unknown) => {
    context.log(`secrets cannot be covered: ${describeError(error)}`);
    return null;
  });
  if (!keyring) return createSecretRedactor(context);
  const values = rows.flatMap((row) => {
    try {
      return [keyring.unseal(row, placeOf(row, row.name))];
    } catch (error) {
      context.log(`secret ${row.name} cannot be covered: ${describeError(error)}`);
      return [];
    }
  });
  return createSecretRedactor(context, [...values, ...keyring.words]);
}

/** The same for a run that is known by its id alone. */
export async function openRedactorOf(context: WorkerContext, runId: RunId): Promise<Redactor> {
  const [run] = await context.db
    .select({ repositoryId: runs.repositoryId, workflowVersionId: runs.workflowVersionId })
    .from(runs)
    .where(eq(runs.id, runId));
  return run ? openRunRedactor(context, run) : createSecretRedactor(context);
}
