import { z } from "zod";
import { BadInput } from "@/server/domain/errors";

/**
 * A query string as the input of a procedure: numbers, booleans and lists (repeated or separated by
 * commas) by its schema; what does not fit stays text, and the schema names the field.
 * @throws BadInput when a single value is given twice.
 */
export function readQuery(params: URLSearchParams, schema: unknown): Record<string, unknown> {
  const shape = schema instanceof z.ZodObject ? schema.shape : {};
  const input: Record<string, unknown> = {};
  for (const key of new Set(params.keys())) {
    input[key] = readValues(key, params.getAll(key), unwrap(shape[key]));
  }
  return input;
}

function readValues(key: string, values: string[], type: unknown): unknown {
  if (type instanceof z.ZodArray)
    return values.flatMap((value) => value.split(",")).filter(Boolean);
  if (values.length > 1) {
    throw new BadInput(`${key} is given ${values.length} times.`, {
      fields: { [key]: "Give it once." },
    });
  }
  const [value = ""] = values;
  if (type instanceof z.ZodNumber && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (type instanceof z.ZodBoolean && /^(true|false)$/.test(value)) return value === "true";
  return value;
}

function unwrap(type: unknown): unknown {
  if (
    type instanceof z.ZodOptional ||
    type instanceof z.ZodNullable ||
    type instanceof z.ZodDefault
  ) {
    return unwrap(type.unwrap());
  }
  return type;
}
