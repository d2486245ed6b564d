"use client";
import dynamic from "next/dynamic";
import { loadAgain } from "@/components/ui/load-again";

/** Where it is told on every page what waits for a person; what tells it is loaded after the page. */
export const AttentionPlace = dynamic(
  () =>
    loadAgain(() => import("@/components/conversation/attention")).then(
      (module) => module.Attention,
    ),
  { ssr: false },
);
