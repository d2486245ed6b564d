import { BadInput } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import {
  findDefinitionFaults,
  type WorkflowDefinition,
  workflowDefinitionSchema,
} from "@/server/domain/workflow";

/**
 * Reads a definition and brings it into the one form in which it is stored: a field that is not set
 * is absent, never null.
 * @throws BadInput that names every field at fault.
 */
export function parseDefinition(input: unknown): WorkflowDefinition {
  const definition = withoutNulls(parseInput(workflowDefinitionSchema, input));
  const faults = Object.entries({ ...findNuls(definition), ...findDefinitionFaults(definition) });
  if (faults.length === 0) return definition;
  throw new BadInput(faults.map(([, message]) => message).join(" "), {
    fields: Object.fromEntries(faults),
  });
}

function withoutNulls(definition: WorkflowDefinition): WorkflowDefinition {
  const set = Object.entries(definition).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return Object.fromEntries(set) as WorkflowDefinition;
}

/** PostgreSQL stores no NUL, neither in text nor in JSON. */
function findNuls(definition: WorkflowDefinition): Record<string, string> {
  const faulty = Object.entries(definition).filter(([, value]) =>
    JSON.stringify(value).includes("\\u0000"),
  );
  return Object.fromEntries(faulty.map(([field]) => [field, "It contains a NUL character."]));
}
