"use client";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const nearPx = 24;
/** What changes within this time of a click was opened or closed by it. */
const touchMs = 500;

/**
 * Keeps a scrolling box at its end while what is in it grows, until the reader scrolls up.
 * @param content changes whenever the content has grown.
 */
export function useStickToEnd(content: unknown) {
  const box = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const [isAtEnd, setIsAtEnd] = useState(true);

  const jumpToEnd = useCallback(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);

  // The box may be drawn later than the part around it.
  useLayoutEffect(() => setElement(box.current));
  useEffect(() => {
    if (!element) return;
    const read = () => {
      sticks.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
      setIsAtEnd(sticks.current);
    };
    element.addEventListener("scroll", read, { passive: true });
    // The end stays in view when what is in the box is measured anew, or what stands beside it grows;
    // but what the reader opens there stays where it is.
    let touchedAtMs = 0;
    const touch = () => {
      touchedAtMs = performance.now();
    };
    const resized = new ResizeObserver(() => {
      if (performance.now() - touchedAtMs < touchMs) read();
      else if (sticks.current) jumpToEnd();
    });
    resized.observe(element);
    if (element.firstElementChild) resized.observe(element.firstElementChild);
    element.addEventListener("click", touch);
    return () => {
      element.removeEventListener("scroll", read);
      element.removeEventListener("click", touch);
      resized.disconnect();
    };
  }, [element, jumpToEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `content` is what makes it grow
  useLayoutEffect(() => {
    if (sticks.current) jumpToEnd();
  }, [content, jumpToEnd]);

  return { box, isAtEnd, jumpToEnd };
}
