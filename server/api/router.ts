import { agentConfigRouter } from "./agent-config-router";
import { agentsRouter } from "./agents-router";
import { auditRouter } from "./audit-router";
import { cleanupRouter } from "./cleanup-router";
import { conversationRouter } from "./conversation-router";
import { deliveriesRouter } from "./deliveries-router";
import { doctorRouter } from "./doctor-router";
import { liveRouter } from "./live-router";
import { membersRouter } from "./members-router";
import { overviewRouter } from "./overview-router";
import { repositoriesRouter } from "./repositories-router";
import { reviewsRouter } from "./reviews-router";
import { runsRouter } from "./runs-router";
import { searchRouter } from "./search-router";
import { secretsRouter } from "./secrets-router";
import { sessionsRouter } from "./sessions-router";
import { tokensRouter } from "./tokens-router";
import { router } from "./trpc";
import { usageRouter } from "./usage-router";
import { workRouter } from "./work-router";
import { workersRouter } from "./workers-router";
import { workflowsRouter } from "./workflows-router";
import { workspacesRouter } from "./workspaces-router";

/** Everything that can be asked of Coppice, for pages, REST and the command line alike. */
export const appRouter = router({
  agentConfig: agentConfigRouter,
  agents: agentsRouter,
  audit: auditRouter,
  deliveries: deliveriesRouter,
  doctor: doctorRouter,
  cleanup: cleanupRouter,
  conversation: conversationRouter,
  live: liveRouter,
  members: membersRouter,
  overview: overviewRouter,
  repositories: repositoriesRouter,
  reviews: reviewsRouter,
  runs: runsRouter,
  search: searchRouter,
  secrets: secretsRouter,
  sessions: sessionsRouter,
  tokens: tokensRouter,
  usage: usageRouter,
  work: workRouter,
  workers: workersRouter,
  workflows: workflowsRouter,
  workspaces: workspacesRouter,
});

export type AppRouter = typeof appRouter;
