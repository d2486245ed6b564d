import { z } from "zod";
import { createToken, createTokenInputSchema } from "@/server/auth/create-token";
import { listTokens } from "@/server/auth/list-tokens";
import { revokeToken, revokeTokenInputSchema } from "@/server/auth/revoke-token";
import { tokenViewSchema } from "@/server/domain/views";
import { rest } from "./rest-meta";
import { itemsOf } from "./shapes";
import { adminProcedure, router } from "./trpc";

export const tokensRouter = router({
  list: adminProcedure
    .meta(rest("GET", "/tokens", "The API tokens, newest first"))
    .output(itemsOf(tokenViewSchema))
    .query(({ ctx }) => listTokens(ctx.db)),

  create: adminProcedure
    .meta(rest("POST", "/tokens", "Make an API token; it is shown this once"))
    .input(createTokenInputSchema)
    .output(z.object({ token: z.string(), view: tokenViewSchema }))
    .mutation(({ ctx, input }) => createToken(ctx, input)),

  revoke: adminProcedure
    .meta(rest("POST", "/tokens/{id}/revoke", "End an API token"))
    .input(revokeTokenInputSchema)
    .output(tokenViewSchema)
    .mutation(({ ctx, input }) => revokeToken(ctx, input)),
});
