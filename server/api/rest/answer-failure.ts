import { describeFailure, errorMap, toDomainError } from "../error-map";

/** An error in the form of every REST answer: `{error: {code, message, hint?, fields?}}`. */
export function answerFailure(thrown: unknown, headers: Record<string, string> = {}): Response {
  const error = toDomainError(thrown);
  const { retryAfterSeconds } = error.facts;
  return Response.json(
    { error: describeFailure(error) },
    {
      status: errorMap[error.code].status,
      headers: {
        "cache-control": "no-store",
        ...(error.code === "sign_in_needed" ? { "www-authenticate": "Bearer" } : {}),
        ...(retryAfterSeconds ? { "retry-after": String(retryAfterSeconds) } : {}),
        ...headers,
      },
    },
  );
}
