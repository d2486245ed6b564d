import type { z } from "zod";
import { BadInput } from "./errors";

/**
 * Reads input by a schema.
 * @throws BadInput with a message per field.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw badInputOf(result.error);
}

/** The fields that a schema refused, in one error. */
export function badInputOf(error: z.ZodError): BadInput {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const field = issue.path.map(String).join(".") || "input";
    fields[field] ??= issue.message;
  }
  const [field, message] = Object.entries(fields)[0] ?? ["input", "It cannot be read."];
  return new BadInput(`${field}: ${message}`, { fields });
}
