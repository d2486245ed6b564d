"use client";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from "react";
import { Kbd } from "@/components/ui/kbd";
import { SearchHits } from "./search-hits";
import { useSearch } from "./use-search";

/** Leads from any id, commit, branch, path, pid or #number to the run it belongs to. */
export function SearchBox() {
  const router = useRouter();
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [isOpen, setIsOpen] = useState(false);
  const [at, setAt] = useState(0);
  const [isGoing, setIsGoing] = useState(false);
  const { hits, note, isCurrent, isAsked } = useSearch(text);
  const isShown = isOpen && isAsked;

  const go = useCallback(
    (id: string) => {
      setText("");
      setIsOpen(false);
      setIsGoing(false);
      input.current?.blur();
      router.push(`/runs/${id}`);
    },
    [router],
  );
  // Enter may come before the answer: it is kept until the hits are those of the text.
  const chosen = hits[at] ?? hits[0];
  useEffect(() => {
    if (isGoing && isCurrent && chosen) go(chosen.run.id);
  }, [isGoing, isCurrent, chosen, go]);
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length > 0) {
      event.preventDefault();
      setAt((at + step + hits.length) % hits.length);
    } else if (event.key === "Enter") {
      setIsGoing(text.trim() !== "");
    } else if (event.key === "Escape") {
      setText("");
      input.current?.blur();
    }
  };

  return (
    <search className="relative w-full max-w-md">
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
          setIsGoing(false);
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
      <SearchHits id={listId} isShown={isShown} hits={hits} at={at} note={note} onChoose={go} />
    </search>
  );
}
