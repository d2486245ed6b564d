import { DomainError, type ErrorDetail } from "@/server/domain/errors";

/** The embedded PostgreSQL cannot be used as things stand; `hint` says what a person can do. */
export class EmbeddedPostgresFailed extends DomainError {
  constructor(message: string, detail?: ErrorDetail) {
    super("unavailable", message, {
      hint: "Set DATABASE_URL to use a PostgreSQL of your own.",
      ...detail,
    });
  }
}

/** Whether `error` is a system error with one of these codes, for a catch that expects them. */
export function hasErrorCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
