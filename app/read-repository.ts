import { notFound } from "next/navigation";
import type { RepositoryView } from "@/server/domain/views";
import { findFailure } from "./find-failure";
import { getQueryClient, trpc } from "./trpc-server";

/** The repository that a page is about, put into its query cache; null for whoever is not signed in. */
export async function readRepository(name: string): Promise<RepositoryView | null> {
  try {
    return await getQueryClient().fetchQuery(trpc.repositories.get.queryOptions({ name }));
  } catch (error) {
    const failure = findFailure(error);
    if (failure === "not_found" || failure === "bad_input") notFound();
    if (failure === "sign_in_needed") return null;
    throw error;
  }
}
