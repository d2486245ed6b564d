import { createHash } from "node:crypto";
import { secretsOf } from "@/server/agents/environment";
import { createRedactor, type Redactor } from "@/server/agents/redact";
import type { WorkerContext } from "./context";

const maxKnown = 50;
/** By what they cover, hashed: every run of a workflow has the same secrets. */
const redactors = new WeakMap<NodeJS.ProcessEnv, Map<string, Redactor>>();

/**
 * The redactor for all that this worker stores: its own secrets, the database's password among them,
 * and the given values. What belongs to a run is covered by `openRunRedactor`.
 */
export function createSecretRedactor(context: WorkerContext, values: string[] = []): Redactor {
  const known = redactors.get(context.environment) ?? new Map<string, Redactor>();
  redactors.set(context.environment, known);
  const key = createHash("sha256").update(JSON.stringify(values)).digest("hex");
  const found = known.get(key);
  if (found) return found;
  const password = new URL(context.databaseUrl).password;
  const redactor = createRedactor([
    ...secretsOf(definedVariables(context.environment)),
    decodeURIComponent(password),
    ...values,
  ]);
  if (known.size >= maxKnown) known.clear();
  known.set(key, redactor);
  return redactor;
}

function definedVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const pairs = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(pairs);
}
