"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { RunStatusLabel } from "@/components/runs/run-status";
import { Kbd } from "@/components/ui/kbd";
import { useSettled } from "./use-settled";

/** Leads from any id, commit, branch, path, pid or #number to the run it belongs to. */
export function SearchBox() {
  const trpc = useTRPC();
  const router = useRouter();
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [isOpen, setIsOpen] = useState(false);
  const [at, setAt] = useState(0);
  const q = useSettled(text.trim(), 150);
  const search = useQuery(
    trpc.search.find.queryOptions({ q }, { enabled: q !== "", placeholderData: keepPreviousData }),
  );
  const hits = q === "" ? [] : (search.data?.items ?? []);
  const isShown = isOpen && q !== "";

  const go = (id: string) => {
    setText("");
    setIsOpen(false);
    input.current?.blur();
    router.push(`/runs/${id}`);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length > 0) {
      event.preventDefault();
      setAt((at + step + hits.length) % hits.length);
    } else if (event.key === "Enter") {
      const hit = hits[at] ?? hits[0];
      if (hit && q === text.trim()) go(hit.run.id);
    } else if (event.key === "Escape") {
      setText("");
      input.current?.blur();
    }
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is too new for some readers
    <div role="search" className="relative w-full max-w-md">
      <Search aria-hidden className="absolute top-2 left-2 size-4 text-faint" />
      <input
        ref={input}
        type="text"
        role="combobox"
        data-search-box
        aria-label="Find a run by any id, commit, branch, path, pid or #number"
        aria-expanded={isShown}
        aria-controls={listId}
        aria-activedescendant={isShown && hits[at] ? `${listId}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder="Find by id, commit, branch, path, #number"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setIsOpen(true);
        }}
        onFocus={() => setIsOpen(true)}
        onBlur={() => setIsOpen(false)}
        onKeyDown={press}
        className="h-8 w-full truncate rounded-md border border-edge bg-surface pr-8 pl-8 text-sm"
      />
      <span aria-hidden className="absolute top-1.5 right-1.5 max-md:hidden">
        <Kbd>/</Kbd>
      </span>
      <div
        id={listId}
        role="listbox"
        aria-label="Runs found"
        hidden={!isShown}
        className="absolute top-9 right-0 left-0 z-40 max-h-96 overflow-y-auto rounded-md border border-edge bg-surface p-1 md:min-w-lg"
      >
        {hits.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox
          <div
            key={`${hit.matched}${hit.run.id}`}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => go(hit.run.id)}
            className={clsx("cursor-pointer rounded-sm px-2 py-1.5", index === at && "bg-hover")}
          >
            <div className="flex items-center gap-2">
              <span className="font-mono text-xs text-faint">#{hit.run.number}</span>
              <span className="min-w-0 flex-1 truncate">{hit.run.title}</span>
              <RunStatusLabel status={hit.run.status} className="text-xs" />
            </div>
            <p className="truncate text-xs text-faint">{hit.matched}</p>
          </div>
        ))}
        {hits.length === 0 && (
          <p className="px-2 py-1.5 text-quiet">
            {search.isFetching
              ? "Looking…"
              : search.isError
                ? "The search did not answer. Type on to try again."
                : `No run has “${q}” as an id, commit, branch, path, pid or number.`}
          </p>
        )}
      </div>
    </div>
  );
}
