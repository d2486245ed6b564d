"use client";
import { useCallback, useRef } from "react";
import { makeKey } from "@/components/runs/make-key";

/**
 * A key for a text that is sent: while it has not come through, a further try of the same text has the
 * same key, so that it is never sent twice when only the answer was lost.
 */
export function useTextKey(): { keyOf: (text: string) => string; forget: () => void } {
  const last = useRef({ text: "", key: "" });
  const keyOf = useCallback((text: string) => {
    if (last.current.text !== text) last.current = { text, key: makeKey() };
    return last.current.key;
  }, []);
  const forget = useCallback(() => {
    last.current = { text: "", key: "" };
  }, []);
  return { keyOf, forget };
}
