/**
 * The closed list of error codes. The edge maps each to an HTTP status in one place
 * (`server/api/error-map.ts`); the pages and the CLI show `message` and `hint`.
 */
export const errorCodes = [
  "bad_input",
  "sign_in_needed",
  "not_allowed",
  "not_found",
  "conflict",
  "unprocessable",
  "too_many_requests",
  "unavailable",
  "internal",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorDetail {
  /** The next step, for the person who reads it. */
  hint?: string;
  /** Per input field: what is wrong with it. */
  fields?: Record<string, string>;
  /** Facts as data: ids, exit codes, paths. Never secrets. */
  facts?: Record<string, unknown>;
  cause?: unknown;
}

/** The root of every error that Coppice throws on purpose. */
export class DomainError extends Error {
  readonly hint: string | undefined;
  readonly fields: Record<string, string> | undefined;
  readonly facts: Record<string, unknown>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    detail: ErrorDetail = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = new.target.name;
    this.hint = detail.hint;
    this.fields = detail.fields;
    this.facts = detail.facts ?? {};
  }
}

export class BadInput extends DomainError {
  constructor(message: string, detail?: ErrorDetail) {
    super("bad_input", message, detail);
  }
}

export class NotFound extends DomainError {
  constructor(what: string, key: string, detail?: ErrorDetail) {
    super("not_found", `There is no ${what} "${key}".`, { facts: { what, key }, ...detail });
  }
}

export class Conflict extends DomainError {
  constructor(message: string, detail?: ErrorDetail) {
    super("conflict", message, detail);
  }
}

export class NotAllowed extends DomainError {
  constructor(message: string, detail?: ErrorDetail) {
    super("not_allowed", message, detail);
  }
}

export class SignInNeeded extends DomainError {
  constructor() {
    super("sign_in_needed", "You are not signed in.", {
      hint: "Sign in, or send a token as “Authorization: Bearer …”.",
    });
  }
}

/** Well-formed input that cannot be carried out here, e.g. an agent that is not installed. */
export class Unprocessable extends DomainError {
  constructor(message: string, detail?: ErrorDetail) {
    super("unprocessable", message, detail);
  }
}

/** Something that is needed did not answer in time: a worker, the database. */
export class Unavailable extends DomainError {
  constructor(message: string, detail?: ErrorDetail) {
    super("unavailable", message, detail);
  }
}

/** A worker's write met another fence: somebody else holds the run now. It must write no more. */
export class AttemptSuperseded extends DomainError {
  constructor(runId: string, fence: number) {
    super("conflict", `Another claim holds run ${runId}; fence ${fence} is no longer current.`, {
      facts: { runId, fence },
    });
  }
}

/** The message of whatever was thrown, for logs and for `error` columns. */
export function describeError(error: unknown): string {
  if (error instanceof Error) return error.message;
  return String(error);
}
