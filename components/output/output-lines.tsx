"use client";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { findGaps, OutputGaps } from "./output-gaps";
import { lineAt } from "./output-window";
import { readAnsi } from "./read-ansi";
import type { OutputView } from "./use-output";

const lineHeightPx = 18;
const overscan = 12;
const readAheadPx = 100 * lineHeightPx;

/**
 * The lines of an output window, of which only the visible ones exist in the page. It follows the
 * end until the reader scrolls up, asks for more near either edge, and stays where it is when lines
 * are put before.
 */
export function OutputLines({
  view,
  follows,
  onFollow,
  onNearTop,
  onNearBottom,
  onSeek,
}: {
  view: OutputView;
  follows: boolean;
  onFollow: (follows: boolean) => void;
  onNearTop: () => void;
  onNearBottom: () => void;
  onSeek: (from: number) => void;
}) {
  const { window: lines, opening, openedAt } = view;
  const { isAbove, isBelow } = findGaps(view);
  const above = isAbove ? 1 : 0;
  const box = useRef<HTMLElement>(null);
  const placed = useRef({ opening: -1, firstLine: 0 });
  const [at, setAt] = useState({ top: 0, height: 600 });

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (placed.current.opening !== opening) {
      element.scrollTop = openedAt === "end" ? element.scrollHeight : 0;
      onFollow(element.scrollHeight - element.scrollTop - element.clientHeight < lineHeightPx);
    } else if (follows) {
      element.scrollTop = element.scrollHeight;
    } else {
      element.scrollTop += (placed.current.firstLine - lines.firstLine) * lineHeightPx;
    }
    placed.current = { opening, firstLine: lines.firstLine };
    setAt({ top: element.scrollTop, height: element.clientHeight });
  }, [lines, opening, openedAt, follows, onFollow]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const read = () => setAt({ top: element.scrollTop, height: element.clientHeight });
    const watch = new ResizeObserver(read);
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const scroll = () => {
    const element = box.current;
    if (!element) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    const below = scrollHeight - scrollTop - clientHeight;
    setAt({ top: scrollTop, height: clientHeight });
    onFollow(below < lineHeightPx);
    if (scrollTop < readAheadPx) onNearTop();
    if (below < readAheadPx) onNearBottom();
  };

  const height = (lines.lineCount + above + (isBelow ? 1 : 0)) * lineHeightPx + 8;
  const from = Math.max(0, Math.floor(at.top / lineHeightPx) - overscan);
  const to = Math.min(lines.lineCount, Math.ceil((at.top + at.height) / lineHeightPx) + overscan);
  return (
    <ScrollRegion
      ref={box}
      label="Output"
      onScroll={scroll}
      className="min-h-0 flex-1 overflow-auto bg-sunken font-mono text-xs [overflow-anchor:none]"
    >
      <div className="relative min-w-full" style={{ height }}>
        <OutputGaps view={view} lineHeightPx={lineHeightPx} onSeek={onSeek} />
        {countFrom(from, to).map((line) => (
          <OutputLine
            key={lines.firstLine + line}
            top={(line + above) * lineHeightPx}
            text={lineAt(lines, line)}
          />
        ))}
      </div>
    </ScrollRegion>
  );
}

function OutputLine({ top, text }: { top: number; text: string }) {
  return (
    <div
      className="absolute left-0 px-4 whitespace-pre"
      style={{ top: top + 4, height: lineHeightPx, lineHeight: `${lineHeightPx}px` }}
    >
      {readAnsi(text).map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a line never move
        <span key={index} className={span.className}>
          {span.text}
        </span>
      ))}
    </div>
  );
}

function countFrom(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, step) => from + step);
}
