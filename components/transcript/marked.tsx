import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** A part of the activity with a heading of its own: an icon, a word, perhaps a note beside it. */
export function Marked({
  Icon,
  tone = "text-quiet",
  word,
  aside,
  children,
}: {
  Icon: LucideIcon;
  tone?: string;
  word: ReactNode;
  aside?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="border-l-2 py-0.5 pl-3">
      <div className={clsx("flex flex-wrap items-center gap-x-1.5 text-xs font-medium", tone)}>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        {word}
        {aside && <span className="ml-1 font-normal text-quiet">{aside}</span>}
      </div>
      {children}
    </div>
  );
}
