import { Scissors } from "lucide-react";
import { Button } from "@/components/ui/button";
import { formatBytes } from "@/components/ui/format-number";
import { describeTrim, type OutputTrim } from "@/server/domain/output-trim";
import { windowFrom, windowTo } from "./output-window";
import type { OutputView } from "./use-output";

/** Whether what retention removed lies right before, or right behind, what is shown. */
export function findGaps({ window: lines, trim }: Pick<OutputView, "window" | "trim">) {
  return {
    isAbove: trim !== null && windowFrom(lines) === trim.to,
    isBelow: trim !== null && windowTo(lines) === trim.from,
  };
}

/** Lines that stand in the output where retention removed a part of it. */
export function OutputGaps({
  view,
  lineHeightPx,
  onSeek,
}: {
  view: OutputView;
  lineHeightPx: number;
  onSeek: (from: number) => void;
}) {
  const { trim } = view;
  const { isAbove, isBelow } = findGaps(view);
  if (!trim) return null;
  const end = view.window.lineCount * lineHeightPx;
  return (
    <>
      {isAbove && <Gap trim={trim} top={0} word="Show the beginning" onGo={() => onSeek(0)} />}
      {isBelow && <Gap trim={trim} top={end} word="Go on behind it" onGo={() => onSeek(trim.to)} />}
    </>
  );
}

function Gap({
  trim,
  top,
  word,
  onGo,
}: {
  trim: OutputTrim;
  top: number;
  word: string;
  onGo: () => void;
}) {
  return (
    <div
      role="note"
      title={describeTrim(trim)}
      className="absolute left-0 flex h-[18px] items-center gap-2 px-4 whitespace-nowrap text-warn"
      style={{ top: top + 4 }}
    >
      <Scissors aria-hidden className="size-3.5 shrink-0" />
      {formatBytes(trim.to - trim.from)} removed here by retention on {trim.at.slice(0, 10)}
      <Button look="quiet" size="small" className="h-[18px]" onClick={onGo}>
        {word}
      </Button>
    </div>
  );
}
