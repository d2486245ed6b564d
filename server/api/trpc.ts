import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import type { OpenApiMeta } from "trpc-to-openapi";
import type { Role } from "@/server/domain/actor";
import type { Context } from "./context";
import { describeFailure, toTrpcError } from "./error-map";
import { requireRole } from "./require-role";

const t = initTRPC
  .context<Context>()
  .meta<OpenApiMeta>()
  .create({
    transformer: superjson,
    isDev: false,
    errorFormatter: ({ shape, error }) => {
      const failure = describeFailure(error);
      return { ...shape, message: failure.message, data: { ...shape.data, error: failure } };
    },
    sse: {
      ping: { enabled: true, intervalMs: 15_000 },
      client: { reconnectAfterInactivityMs: 40_000 },
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

const namingFailures = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error);
  return result;
});

/** For anybody, signed in or not. Every use stands in the list of the door's test. */
export const publicProcedure = t.procedure.use(namingFailures);

export const viewerProcedure = procedureFor("viewer");
export const operatorProcedure = procedureFor("operator");
export const adminProcedure = procedureFor("admin");

/** The wall: checked in each procedure, before its input is read. */
function procedureFor(needed: Role) {
  return publicProcedure.use(async ({ ctx, path, next }) => {
    const actor = await requireRole(ctx, needed, path);
    return next({ ctx: { ...ctx, actor } });
  });
}
