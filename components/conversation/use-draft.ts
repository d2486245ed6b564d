"use client";
import { useCallback, useEffect, useState } from "react";

/** A text that is being written: it outlives a reload and a walk to another page of this tab. */
export function useDraft(name: string): [text: string, setText: (text: string) => void] {
  const key = `coppice.draft.${name}`;
  const [text, setText] = useState("");
  useEffect(() => setText(readDraft(key)), [key]);
  const keep = useCallback(
    (next: string) => {
      setText(next);
      keepDraft(key, next);
    },
    [key],
  );
  return [text, keep];
}

/** A browser may refuse its storage; the text is then kept by the page alone. */
function readDraft(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch (error) {
    console.warn("This browser keeps no drafts.", error);
    return "";
  }
}

function keepDraft(key: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch (error) {
    console.warn("This browser did not keep the draft.", error);
  }
}
