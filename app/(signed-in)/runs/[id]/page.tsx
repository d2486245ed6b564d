import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { RunPage } from "@/components/run-page/run-page";
import { findFailure } from "../../../find-failure";
import { Hydrated } from "../../../hydrated";
import { caller, getQueryClient, trpc } from "../../../trpc-server";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const run = await readRun((await params).id);
  return { title: run ? `#${run.number} ${run.message.slice(0, 60)}` : "Run" };
}

export default async function RunRoute({ params }: Props) {
  const run = await readRun((await params).id);
  if (!run) notFound();
  getQueryClient().setQueryData(trpc.runs.get.queryKey({ id: run.id }), run);
  return (
    <Hydrated>
      <RunPage id={run.id} />
    </Hydrated>
  );
}

/** A run by its id or number (`%23` is a #); null when there is none. */
const readRun = cache(async (key: string) => {
  try {
    return await caller.runs.get({ id: decodeURIComponent(key) });
  } catch (error) {
    const failure = findFailure(error);
    if (failure === "not_found" || failure === "bad_input") return null;
    // The layout leads whoever is not signed in to the door.
    if (failure === "sign_in_needed") return null;
    throw error;
  }
});
