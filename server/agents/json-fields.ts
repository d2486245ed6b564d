/** Reading fields of somebody else's JSON, where any may be missing or of another type. */
export type Fields = Record<string, unknown>;

export function parseFields(text: string): Fields | null {
  try {
    return asFields(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function asFields(value: unknown): Fields | null {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : null;
}

export function asText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function asNumber(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects in a list. */
export function fieldsIn(value: unknown): Fields[] {
  return asList(value)
    .map(asFields)
    .filter((item) => item !== null);
}
