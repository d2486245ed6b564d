import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { Door } from "@/server/auth/door";
import { BadInput } from "@/server/domain/errors";
import { createContext } from "./context";
import { answerFailure } from "./rest/answer-failure";
import { maxBodyBytes } from "./rest/read-body";
import { appRouter } from "./router";

const maxBatch = 20;

/** Answers the pages' own calls and their one stream. */
export async function answerTrpc(door: Door, request: Request): Promise<Response> {
  // Always sent by browsers; what streams a body without naming its length is refused.
  if (request.body && !isBodyWithinLimit(request.headers)) {
    return answerFailure(new BadInput(`A request is at most ${maxBodyBytes / 1024 / 1024} MiB.`));
  }
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: () => createContext(door, request),
    maxBatchSize: maxBatch,
  });
}

function isBodyWithinLimit(headers: Headers): boolean {
  const length = headers.get("content-length");
  return length !== null && Number(length) <= maxBodyBytes;
}
