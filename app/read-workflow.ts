import { notFound } from "next/navigation";
import type { WorkflowView } from "@/server/domain/views";
import { findFailure } from "./find-failure";
import { getQueryClient, trpc } from "./trpc-server";

/** The workflow that a page is about, put into its query cache; null for whoever is not signed in. */
export async function readWorkflow(name: string): Promise<WorkflowView | null> {
  try {
    return await getQueryClient().fetchQuery(trpc.workflows.get.queryOptions({ name }));
  } catch (error) {
    const failure = findFailure(error);
    if (failure === "not_found" || failure === "bad_input") notFound();
    if (failure === "sign_in_needed") return null;
    throw error;
  }
}
