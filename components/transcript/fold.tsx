import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

/** A line that opens to show the rest. */
export function Fold({
  summary,
  isOpen = false,
  children,
}: {
  summary: ReactNode;
  isOpen?: boolean;
  children: ReactNode;
}) {
  return (
    <details open={isOpen} className="group/fold">
      <summary className="flex list-none items-center gap-1.5 rounded-sm hover:bg-hover">
        <ChevronRight
          aria-hidden
          className="size-3.5 shrink-0 text-faint group-open/fold:rotate-90"
        />
        <span className="min-w-0 flex-1 truncate">{summary}</span>
      </summary>
      <div className="mt-1 mb-2 ml-5">{children}</div>
    </details>
  );
}
