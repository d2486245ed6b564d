export interface ReadError {
  message: string;
  hint: string | undefined;
  /** Per input field: what is wrong with it. */
  fields: Record<string, string>;
  /** The HTTP status; null when there was no answer at all. */
  status: number | null;
}

/** What a failed call says to the person: the server's own sentence, hint and field errors. */
export function readError(error: unknown): ReadError {
  const data = readRecord(error, "data");
  const failure = readRecord(data, "error");
  if (!failure) {
    return {
      message: nameFailure(error),
      hint: adviseOn(error),
      fields: {},
      status: readStatus(data),
    };
  }
  return {
    message: String(failure.message),
    hint: typeof failure.hint === "string" ? failure.hint : undefined,
    fields: (readRecord(failure, "fields") ?? {}) as Record<string, string>,
    status: readStatus(data),
  };
}

function readRecord(value: unknown, key: string): Record<string, unknown> | null {
  if (typeof value !== "object" || value === null) return null;
  const inner = (value as Record<string, unknown>)[key];
  return typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : null;
}

function readStatus(data: Record<string, unknown> | null): number | null {
  return typeof data?.httpStatus === "number" ? data.httpStatus : null;
}

function nameFailure(error: unknown): string {
  if (isNetworkFailure(error)) return "Coppice did not answer.";
  return error instanceof Error ? error.message : String(error);
}

function adviseOn(error: unknown): string | undefined {
  if (!isNetworkFailure(error)) return undefined;
  return "Check that it is running and that you can reach it, then try again.";
}

function isNetworkFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /failed to fetch|networkerror|load failed|fetch failed/i.test(error.message);
}
