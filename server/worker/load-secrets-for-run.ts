import { resolveSecrets } from "@/server/domain/secrets";
import { placeOf } from "@/server/secrets/place-of";
import { readKeyring } from "@/server/secrets/read-keyring";
import { readRunSecrets, type SecretsOf } from "@/server/secrets/read-run-secrets";
import { failingAs } from "./attempt-failed";
import type { WorkerContext } from "./context";

/**
 * The secrets of a held run by name, its repository's and its workflow's, which win: variables for
 * the agent and for the commands that prepare and check its workspace. Never to be stored or logged.
 * @throws AttemptFailed (`secrets_failed`) when one cannot be decrypted.
 */
export async function loadSecretsForRun(
  context: WorkerContext,
  { run }: { run: SecretsOf },
): Promise<Record<string, string>> {
  const rows = await readRunSecrets(context.db, run, { isWithRetired: false });
  if (rows.length === 0) return {};
  return failingAs("secrets_failed", async () => {
    const keyring = await readKeyring(context.home, context.environment);
    return resolveSecrets(
      rows.map((row) => ({
        scope: row.repositoryId ? "repository" : "workflow",
        name: row.name,
        value: naming(row.name, () => keyring.unseal(row, placeOf(row, row.name))),
      })),
    );
  });
}

function naming<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error)
      error.message = `The secret ${name} cannot be read: ${error.message}`;
    throw error;
  }
}
