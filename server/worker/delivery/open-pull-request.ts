import { eq } from "drizzle-orm";
import { deliveries } from "@/db/schema";
import { connectForge } from "@/server/delivery/forge/connect-forge";
import { requestPull } from "@/server/delivery/forge/request-pull";
import { composeRequestBody, composeTitle } from "@/server/domain/delivery-message";
import { composeCompareUrl } from "@/server/domain/forge-links";
import type { WorkerContext } from "../context";
import { openRunRedactor } from "../open-run-redactor";
import type { Delivery, DeliveryWork } from "./load-delivery-work";

/**
 * Opens the pull request of a branch that was pushed, or brings the open one up to date. Where no forge may
 * be used, the link is all that there is.
 * @returns what the delivery's row says of it.
 * @throws ForgeRefused, ForgeAway
 */
export async function openPullRequest(
  context: WorkerContext,
  { delivery, run, repository }: DeliveryWork,
): Promise<Partial<Delivery>> {
  const { base, target, by } = delivery;
  if (delivery.kind !== "pull_request" || base === null) return {};
  const forge = connectForge(context.environment, repository.origin);
  if (!forge) {
    const link = composeCompareUrl(repository.origin, base, target);
    const how = link ? `Open the pull request at ${link}` : "Open it on your forge";
    return { hint: `${how}; Coppice opens it itself with a token in COPPICE_GITHUB_TOKEN.` };
  }
  const redactor = await openRunRedactor(context, run);
  const url = context.environment.COPPICE_URL?.replace(/\/+$/, "") || null;
  const request = await requestPull(forge, target, base, {
    title: redactor.redactText(composeTitle(run)),
    body: redactor.redactText(composeRequestBody(run, by, url)),
  });
  return {
    pullRequestNumber: request.number,
    pullRequestUrl: request.url,
    pullRequestState: request.state,
    pullRequestEtag: null,
    pullRequestCheckedAt: new Date(),
  };
}

/** An undo deletes the branch; a request of it is closed first, with its discussion kept. */
export async function closePullRequest(
  context: WorkerContext,
  { undone, repository }: DeliveryWork,
): Promise<void> {
  if (undone?.pullRequestState !== "open" || undone.pullRequestNumber === null) return;
  const forge = connectForge(context.environment, repository.origin);
  if (!forge) return;
  const { state } = await forge.close(undone.pullRequestNumber);
  await context.db
    .update(deliveries)
    .set({ pullRequestState: state, pullRequestCheckedAt: new Date() })
    .where(eq(deliveries.id, undone.id));
}
