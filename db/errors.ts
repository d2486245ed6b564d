interface DriverError {
  code?: string;
  constraint?: string;
  message?: string;
}

/** Drizzle wraps driver errors: the facts are on the cause. */
function driverError(error: unknown): DriverError {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return (cause ?? {}) as DriverError;
}

/** The driver's own words, without the statement and its values. */
export function describeDatabaseError(error: unknown): string {
  const { message } = driverError(error);
  return message ?? String(error);
}

/** PostgreSQL's five-letter code of whatever was thrown, or "". */
export function databaseErrorCode(error: unknown): string {
  return driverError(error).code ?? "";
}

/** The name of the constraint that refused a write, or null. */
export function violatedConstraint(error: unknown): string | null {
  const { code, constraint } = driverError(error);
  return code?.startsWith("23") ? (constraint ?? null) : null;
}

/** Whether the database's disk is full: it answers, and can take nothing. */
export function isDatabaseFull(error: unknown): boolean {
  return databaseErrorCode(error) === "53100";
}

/** Whether the database could not be reached or had no room, so that trying again may help. */
export function isDatabaseAway(error: unknown): boolean {
  const { code } = driverError(error);
  if (/^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|57P0|08|53|CONNECTION_|CONNECT_TIMEOUT)/.test(code ?? ""))
    return true;
  const message = error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : "";
  return /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (has encountered|was closed)/.test(
    message,
  );
}
