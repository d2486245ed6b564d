"use client";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const nearPx = 24;

/**
 * Keeps a scrolling box at its end while what is in it grows, until the reader scrolls up.
 * @param content changes whenever the content has grown.
 */
export function useStickToEnd(content: unknown) {
  const box = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const [isAtEnd, setIsAtEnd] = useState(true);

  const jumpToEnd = useCallback(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the listener goes with the box
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const read = () => {
      sticks.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
      setIsAtEnd(sticks.current);
    };
    element.addEventListener("scroll", read, { passive: true });
    // What grows beside the box takes of its height; the end stays in view all the same.
    const resized = new ResizeObserver(() => sticks.current && jumpToEnd());
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", read);
      resized.disconnect();
    };
  }, [box.current]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `content` is what makes it grow
  useLayoutEffect(() => {
    if (sticks.current) jumpToEnd();
  }, [content, jumpToEnd]);

  return { box, isAtEnd, jumpToEnd };
}
