import { listAgentPrograms } from "@/server/agent-programs/list-agent-programs";
import { agentProgramViewSchema } from "@/server/domain/agent-program";
import { rest } from "./rest-meta";
import { itemsOf } from "./shapes";
import { router, viewerProcedure } from "./trpc";

export const agentsRouter = router({
  list: viewerProcedure
    .meta(rest("GET", "/agents", "The agents on each host, and what to type where one is missing"))
    .output(itemsOf(agentProgramViewSchema))
    .query(({ ctx }) => listAgentPrograms(ctx.db)),
});
