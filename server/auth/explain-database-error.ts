import { databaseErrorCode, isDatabaseAway, isDatabaseFull } from "@/db/errors";
import { BadInput, type DomainError, Unavailable } from "@/server/domain/errors";

/** Text that PostgreSQL cannot store (NUL, broken characters), a number too large, no such id. */
const unreadableCodes = new Set(["22021", "22P05", "22P02", "22003"]);

/** What a database error means to the caller, or null when it is a fault of ours. */
export function explainDatabaseError(error: unknown): DomainError | null {
  if (isDatabaseFull(error)) {
    return new Unavailable("The disk of the database is full.", {
      hint: "Nothing can be changed until there is room; what was accepted before is safe.",
      cause: error,
    });
  }
  if (isDatabaseAway(error)) {
    return new Unavailable("The database does not answer.", {
      hint: "Try again in a moment; what was accepted before is safe.",
      cause: error,
    });
  }
  if (unreadableCodes.has(databaseErrorCode(error))) {
    return new BadInput("A value holds characters or a number that cannot be stored.", {
      cause: error,
    });
  }
  return null;
}
