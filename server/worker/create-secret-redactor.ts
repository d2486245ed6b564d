import { secretsOf } from "@/server/agents/environment";
import { createRedactor, type Redactor } from "@/server/agents/redact";
import type { WorkerContext } from "./context";

const redactors = new WeakMap<NodeJS.ProcessEnv, Redactor>();

/** The redactor for all that this worker stores: its own secrets, the database's password among them. */
export function createSecretRedactor(context: WorkerContext): Redactor {
  const known = redactors.get(context.environment);
  if (known) return known;
  const password = new URL(context.databaseUrl).password;
  const redactor = createRedactor([
    ...secretsOf(definedVariables(context.environment)),
    decodeURIComponent(password),
  ]);
  redactors.set(context.environment, redactor);
  return redactor;
}

function definedVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const pairs = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(pairs);
}
