"use client";
import { useDeferredValue, useMemo, useState } from "react";
import { joinConversation } from "@/components/conversation/join-conversation";
import { useConversation } from "@/components/conversation/use-conversation";
import { type EntryFilter, filterEntries, holds, isEditCall, isFailure } from "./filter-entries";
import { groupEntries } from "./group-entries";
import { collectTodos } from "./read-todos";
import { useTarget } from "./use-target";
import type { useTranscript } from "./use-transcript";

/** What of a run's activity is shown: grouped, joined with what was said beside it, and filtered. */
export function useShownLines(
  runId: string,
  { entries, first }: Pick<ReturnType<typeof useTranscript>, "entries" | "first">,
) {
  const { data: said } = useConversation(runId);
  const [filter, setFilter] = useState<EntryFilter>("all");
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search);
  const target = useTarget();

  const nodes = useMemo(() => groupEntries(entries ?? []), [entries]);
  const todos = useMemo(() => collectTodos(entries ?? []), [entries]);
  const shown = useMemo(() => filterEntries(nodes, filter, wanted), [nodes, filter, wanted]);
  const isWhole = filter === "all" && wanted.trim() === "";
  const lines = useMemo(
    () => joinConversation(shown, said, { isWhole, hasEarlier: first > 1 }),
    [shown, said, isWhole, first],
  );
  const jumps = useMemo(() => {
    const numbersOf = (isSo: typeof isFailure) =>
      shown.filter((node) => holds(node, isSo)).map(({ view }) => view.seq);
    return { errors: numbersOf(isFailure), edits: numbersOf(isEditCall) };
  }, [shown]);
  const counts = {
    shown: shown.length,
    loaded: nodes.length,
    errors: jumps.errors.length,
    edits: jumps.edits.length,
  };
  return {
    ...{ lines, todos, jumps, counts, target, isWhole },
    ...{ filter, onFilter: setFilter, search, onSearch: setSearch },
  };
}
