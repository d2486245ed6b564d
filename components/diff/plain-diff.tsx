import { clsx } from "clsx";
import { ScrollRegion } from "@/components/ui/scroll-region";

const maxLines = 20_000;

/** A patch as it is, its lines coloured; for where the other viewer cannot work. */
export function PlainDiff({ patch }: { patch: string }) {
  const lines = patch.split("\n");
  const hidden = Math.max(0, lines.length - maxLines);
  return (
    <ScrollRegion label="Diff" className="min-h-0 flex-1 overflow-auto">
      <pre className="min-w-max font-mono text-xs">
        {lines.slice(0, maxLines).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a patch never move
          <span key={index} className={clsx("block px-4", dressLine(line))}>
            {line || " "}
          </span>
        ))}
      </pre>
      {hidden > 0 && <p className="px-4 py-2 text-quiet">{hidden} more lines are not shown.</p>}
    </ScrollRegion>
  );
}

function dressLine(line: string): string {
  if (line.startsWith("diff --git")) return "mt-3 border-t bg-sunken py-1 font-semibold";
  if (line.startsWith("+++") || line.startsWith("---")) return "text-faint";
  if (line.startsWith("@@")) return "bg-sunken text-live";
  if (line.startsWith("+")) return "bg-good/10 text-good";
  if (line.startsWith("-")) return "bg-bad/10 text-bad";
  return "";
}
