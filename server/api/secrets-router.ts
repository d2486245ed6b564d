import { z } from "zod";
import { secretScopeSchema, secretViewSchema } from "@/server/domain/secrets";
import { listSecrets } from "@/server/secrets/list-secrets";
import { processKeyring } from "@/server/secrets/process-keyring";
import { removeSecret, removeSecretInputSchema } from "@/server/secrets/remove-secret";
import { renewSecrets } from "@/server/secrets/renew-secrets";
import { setSecret, setSecretInputSchema } from "@/server/secrets/set-secret";
import { rest } from "./rest-meta";
import { pageOf } from "./shapes";
import { adminProcedure, router } from "./trpc";

const path = "/secrets/{kind}/{of}";

export const secretsRouter = router({
  list: adminProcedure
    .meta(rest("GET", path, "The secrets of a repository or workflow, without their values"))
    .input(secretScopeSchema)
    .output(pageOf(secretViewSchema))
    .query(({ ctx, input }) => listSecrets(ctx.db, input)),

  set: adminProcedure
    .meta(rest("PUT", `${path}/{name}`, "Set or replace a secret; its value is never given back"))
    .input(setSecretInputSchema)
    .output(secretViewSchema)
    .mutation(async ({ ctx, input }) =>
      setSecret({ ...ctx, keyring: await processKeyring() }, input),
    ),

  remove: adminProcedure
    .meta(rest("DELETE", `${path}/{name}`, "Remove a secret"))
    .input(removeSecretInputSchema)
    .output(z.object({ name: z.string() }))
    .mutation(({ ctx, input }) => removeSecret(ctx, input)),

  renew: adminProcedure
    .meta(rest("POST", "/secrets/renew", "Encrypt all secrets with the newest key"))
    .input(z.strictObject({}))
    .output(z.object({ keyId: z.string(), renewed: z.number().int() }))
    .mutation(async ({ ctx }) => renewSecrets({ ...ctx, keyring: await processKeyring() })),
});
