import { ScrollRegion } from "@/components/ui/scroll-region";
import type { FileConflict } from "@/server/domain/delivery";

const maxShown = 50;

/** The files that do not merge, each with the places as git marks them. */
export function ConflictList({ conflicts }: { conflicts: FileConflict[] }) {
  if (conflicts.length === 0) return null;
  return (
    <ul aria-label="Files in conflict" className="flex flex-col gap-1">
      {conflicts.slice(0, maxShown).map(({ path, hunks }) => (
        <li key={path}>
          {hunks.length === 0 ? (
            <span className="font-mono text-xs break-all">{path}</span>
          ) : (
            <details>
              <summary className="cursor-pointer font-mono text-xs break-all">{path}</summary>
              <ScrollRegion label={`Conflicts in ${path}`} className="max-h-60 overflow-auto">
                <pre className="mt-1 bg-sunken p-2 font-mono text-xs">{hunks.join("\n\n")}</pre>
              </ScrollRegion>
            </details>
          )}
        </li>
      ))}
      {conflicts.length > maxShown && (
        <li className="text-xs text-faint">and {conflicts.length - maxShown} more files</li>
      )}
    </ul>
  );
}
