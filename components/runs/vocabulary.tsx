"use client";
import { createContext, type ReactNode, use } from "react";
import type { EndReason } from "@/server/domain/end-reasons";
import type { WaitReason } from "@/server/domain/run";

/**
 * The domain's own words, sent down once with the page: importing their modules would bring the
 * whole of zod (30 kB) into every page.
 */
export interface Vocabulary {
  endReasons: Record<EndReason, { label: string; nextStep: string }>;
  waitReasons: Record<WaitReason, string>;
}

const Context = createContext<Vocabulary | null>(null);

export function VocabularyProvider({
  vocabulary,
  children,
}: {
  vocabulary: Vocabulary;
  children: ReactNode;
}) {
  return <Context value={vocabulary}>{children}</Context>;
}

export function useVocabulary(): Vocabulary {
  const vocabulary = use(Context);
  if (!vocabulary) throw new Error("useVocabulary is used outside of VocabularyProvider.");
  return vocabulary;
}
