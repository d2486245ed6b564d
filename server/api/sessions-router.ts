import { restoreViewSchema } from "@/server/domain/restore";
import { runViewSchema } from "@/server/domain/run-view";
import { restoreSession, restoreSessionInputSchema } from "@/server/restore/restore-session";
import { continueSession, continueSessionInputSchema } from "@/server/runs/continue-session";
import { getRun } from "@/server/runs/get-run";
import {
  getSession,
  getSessionInputSchema,
  sessionViewSchema,
} from "@/server/sessions/get-session";
import { rest } from "./rest-meta";
import { operatorProcedure, router, viewerProcedure } from "./trpc";

const continueInputSchema = continueSessionInputSchema
  .omit({ sessionId: true })
  .extend({ id: continueSessionInputSchema.shape.sessionId });

const restoreInputSchema = restoreSessionInputSchema
  .omit({ sessionId: true })
  .extend({ id: restoreSessionInputSchema.shape.sessionId });

export const sessionsRouter = router({
  get: viewerProcedure
    .meta(rest("GET", "/sessions/{id}", "A session with its runs"))
    .input(getSessionInputSchema)
    .output(sessionViewSchema)
    .query(({ ctx, input }) => getSession(ctx.db, input, ctx.actor)),

  continue: operatorProcedure
    .meta(rest("POST", "/sessions/{id}/runs", "Go on with a session: a new run in it"))
    .input(continueInputSchema)
    .output(runViewSchema)
    .mutation(async ({ ctx, input: { id, ...wish } }) => {
      const { runId } = await continueSession(ctx, { ...wish, sessionId: id });
      return getRun(ctx.db, { id: runId }, ctx.actor);
    }),

  restore: operatorProcedure
    .meta(rest("POST", "/sessions/{id}/restore", "Bring a session's work back at its head"))
    .input(restoreInputSchema)
    .output(restoreViewSchema)
    .mutation(({ ctx, input: { id, ...wish } }) => restoreSession(ctx, { ...wish, sessionId: id })),
});
