import { randomUUID } from "node:crypto";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { explainDatabaseError } from "@/server/auth/explain-database-error";
import { DomainError, type ErrorCode } from "@/server/domain/errors";
import { badInputOf } from "@/server/domain/parse-input";

/** How each error leaves the server: HTTP status and tRPC's word for it. */
export const errorMap = {
  bad_input: { status: 400, trpc: "BAD_REQUEST" },
  sign_in_needed: { status: 401, trpc: "UNAUTHORIZED" },
  not_allowed: { status: 403, trpc: "FORBIDDEN" },
  not_found: { status: 404, trpc: "NOT_FOUND" },
  conflict: { status: 409, trpc: "CONFLICT" },
  unprocessable: { status: 422, trpc: "UNPROCESSABLE_CONTENT" },
  too_many_requests: { status: 429, trpc: "TOO_MANY_REQUESTS" },
  unavailable: { status: 503, trpc: "SERVICE_UNAVAILABLE" },
  internal: { status: 500, trpc: "INTERNAL_SERVER_ERROR" },
} as const satisfies Record<ErrorCode, { status: number; trpc: TRPCError["code"] }>;

/** An error as callers see it. */
export interface Failure {
  code: ErrorCode;
  message: string;
  hint?: string;
  fields?: Record<string, string>;
}

/** What was thrown as an error of ours; whatever is unknown is logged whole and shown by an id only. */
export function toDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  const cause = thrown instanceof TRPCError ? (thrown.cause ?? thrown) : thrown;
  if (cause instanceof DomainError) return cause;
  if (thrown instanceof TRPCError && thrown.code !== "INTERNAL_SERVER_ERROR") {
    return explainProtocolError(thrown);
  }
  return explainDatabaseError(cause) ?? hideFault(cause);
}

export function describeFailure(thrown: unknown): Failure {
  const { code, message, hint, fields } = toDomainError(thrown);
  return { code, message, ...(hint ? { hint } : {}), ...(fields ? { fields } : {}) };
}

/** The same error with tRPC's code, so that HTTP and client agree on it. */
export function toTrpcError(thrown: unknown): TRPCError {
  const error = toDomainError(thrown);
  return new TRPCError({ code: errorMap[error.code].trpc, message: error.message, cause: error });
}

function explainProtocolError(error: TRPCError): DomainError {
  if (error.cause instanceof z.core.$ZodError) return badInputOf(error.cause as z.ZodError);
  switch (error.code) {
    case "NOT_FOUND":
      return new DomainError("not_found", "There is nothing at this address.");
    case "UNAUTHORIZED":
    case "FORBIDDEN":
      return new DomainError("not_allowed", "This is not allowed.", { cause: error });
    case "METHOD_NOT_SUPPORTED":
      return new DomainError("bad_input", "This address does not take this method.");
    case "PAYLOAD_TOO_LARGE":
      return new DomainError("bad_input", "The request is too large.", { cause: error });
    default:
      return new DomainError("bad_input", "The request cannot be read.", { cause: error });
  }
}

const hidden = new WeakMap<object, DomainError>();

/** Logged once, however many layers describe it. */
function hideFault(fault: unknown): DomainError {
  const known = fault instanceof Error ? hidden.get(fault) : undefined;
  if (known) return known;
  const errorId = randomUUID().slice(0, 8);
  console.error(`error ${errorId}:`, fault);
  const shown = new DomainError("internal", "Something went wrong in Coppice itself.", {
    hint: `The server's log tells more under “error ${errorId}”.`,
    facts: { errorId },
    cause: fault,
  });
  if (fault instanceof Error) hidden.set(fault, shown);
  return shown;
}
