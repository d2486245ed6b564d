import { TRPCError } from "@trpc/server";
import { DomainError, type ErrorCode } from "@/server/domain/errors";

/** The code of the DomainError behind what a procedure threw; null for anything else. */
export function findFailure(thrown: unknown): ErrorCode | null {
  const cause = thrown instanceof TRPCError ? thrown.cause : thrown;
  return cause instanceof DomainError ? cause.code : null;
}
