import { getAgentConfigs } from "@/server/agent-configs/get-agent-configs";
import {
  judgeAgentConfig,
  judgeAgentConfigInputSchema,
} from "@/server/agent-configs/judge-agent-config";
import { lookAtAgentConfig } from "@/server/agent-configs/look-at-agent-config";
import {
  setAgentConfigPolicy,
  setAgentConfigPolicyInputSchema,
} from "@/server/agent-configs/set-agent-config-policy";
import { agentConfigsViewSchema } from "@/server/domain/agent-config";
import { getRepositoryInputSchema } from "@/server/repositories/get-repository";
import { rest } from "./rest-meta";
import { adminProcedure, operatorProcedure, router, viewerProcedure } from "./trpc";

const path = "/repositories/{name}/agent-configuration";

export const agentConfigRouter = router({
  get: viewerProcedure
    .meta(rest("GET", path, "The repository's own agent configurations and who approved them"))
    .input(getRepositoryInputSchema)
    .output(agentConfigsViewSchema)
    .query(({ ctx, input }) => getAgentConfigs(ctx.db, input)),

  look: operatorProcedure
    .meta(rest("POST", `${path}/look`, "Read the configuration at the head of the default branch"))
    .input(getRepositoryInputSchema)
    .output(agentConfigsViewSchema)
    .mutation(({ ctx, input }) => lookAtAgentConfig(ctx, input)),

  judge: adminProcedure
    .meta(rest("POST", `${path}/judge`, "Approve a configuration, or revoke that"))
    .input(judgeAgentConfigInputSchema)
    .output(agentConfigsViewSchema)
    .mutation(({ ctx, input }) => judgeAgentConfig(ctx, input)),

  setPolicy: adminProcedure
    .meta(rest("POST", `${path}/policy`, "Set what becomes of runs while one is not approved"))
    .input(setAgentConfigPolicyInputSchema)
    .output(agentConfigsViewSchema)
    .mutation(({ ctx, input }) => setAgentConfigPolicy(ctx, input)),
});
