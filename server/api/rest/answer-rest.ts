import type { Door } from "@/server/auth/door";
import { BadInput, DomainError } from "@/server/domain/errors";
import { type Context, createContext } from "../context";
import { appRouter } from "../router";
import { createCallerFactory } from "../trpc";
import { answerFailure } from "./answer-failure";
import { findRoute, type RestRoute } from "./find-route";
import { readBody } from "./read-body";
import { readQuery } from "./read-query";

const createCaller = createCallerFactory(appRouter);

/** Answers a request below `/api/v1` with the procedure that its method and path name. */
export async function answerRest(door: Door, request: Request, path: string): Promise<Response> {
  try {
    const context = await createContext(door, request);
    const found = findRoute(request.method, path);
    if (found.kind === "unknown") throw unknownPath();
    if (found.kind === "other_method") return refuseMethod(found.allowed);
    const input = { ...(await readInput(request, found.route)), ...found.params };
    const answer = await call(context, found.route, input);
    return Response.json(answer, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    return answerFailure(error);
  }
}

function readInput(request: Request, route: RestRoute) {
  if (route.method !== "GET") return readBody(request);
  return readQuery(new URL(request.url).searchParams, route.inputs[0]);
}

async function call(context: Context, route: RestRoute, input: unknown): Promise<unknown> {
  const caller = createCaller(context) as unknown as Record<string, ProcedureCalls>;
  const [noun = "", verb = ""] = route.procedure.split(".");
  const procedure = caller[noun]?.[verb];
  if (!procedure) throw new Error(`the router has no procedure ${route.procedure}`);
  return procedure(route.inputs.length > 0 ? input : undefined);
}

type ProcedureCalls = Record<string, (input: unknown) => Promise<unknown>>;

export function unknownPath(): DomainError {
  return new DomainError("not_found", "There is nothing at this address.", {
    hint: "GET /api/openapi.json lists all addresses.",
  });
}

function refuseMethod(allowed: string[]): Response {
  const error = new BadInput("This address does not take this method.", {
    hint: `It takes ${allowed.join(", ")}.`,
  });
  return answerFailure(error, { allow: allowed.join(", ") });
}
