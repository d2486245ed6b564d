import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SessionPage } from "@/components/sessions/session-page";
import { findFailure } from "../../../find-failure";
import { Hydrated } from "../../../hydrated";
import { getQueryClient, trpc } from "../../../trpc-server";

export const metadata: Metadata = { title: "Session" };

export default async function SessionRoute({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  try {
    await getQueryClient().fetchQuery(trpc.sessions.get.queryOptions({ id }));
  } catch (error) {
    const failure = findFailure(error);
    if (failure === "not_found" || failure === "bad_input") notFound();
    if (failure !== "sign_in_needed") throw error;
  }
  return (
    <Hydrated>
      <SessionPage id={id} />
    </Hydrated>
  );
}
