import { CircleAlert, CircleCheck, Info } from "lucide-react";
import type { ReactNode } from "react";
import { ChangedLines } from "@/components/runs/changed-lines";
import type { DeliveryPreview } from "@/server/domain/delivery";
import { ConflictList } from "./conflict-list";

const outcomeDress = {
  creates: { Icon: CircleCheck, look: "text-good" },
  updates: { Icon: CircleCheck, look: "text-good" },
  deletes: { Icon: CircleCheck, look: "text-warn" },
  nothing_to_do: { Icon: Info, look: "text-idle" },
  conflict: { Icon: CircleAlert, look: "text-warn" },
  refused: { Icon: CircleAlert, look: "text-bad" },
} as const;

/** What would happen at the origin, before it happens. */
export function DeliveryPreviewView({ preview }: { preview: DeliveryPreview }) {
  const { outcome, sentence, problem, hint, commits, commitCount, files, fileCount } = preview;
  const { Icon, look } = outcomeDress[outcome];
  return (
    <div className="flex flex-col gap-2 rounded-md border px-3 py-2 text-sm">
      <div role="status" className="flex gap-2">
        <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${look}`} />
        <div className="min-w-0 break-words">
          <p>{sentence}</p>
          {problem && problem !== sentence && <p>{problem}</p>}
          {hint && <p className="text-quiet">{hint}</p>}
          {preview.behind > 0 && preview.kind !== "undo" && (
            <p className="text-xs text-quiet">
              The branch has {preview.behind} {preview.behind === 1 ? "commit" : "commits"} that the
              work does not have.
            </p>
          )}
        </div>
      </div>
      <ConflictList conflicts={preview.conflicts} />
      {commits.length > 0 && (
        <Fold title={`${commitCount} ${commitCount === 1 ? "commit" : "commits"}`}>
          {commits.map(({ sha, title, author }) => (
            <li key={sha} className="flex gap-2">
              <span className="font-mono text-faint">{sha.slice(0, 8)}</span>
              <span className="min-w-0 flex-1 truncate">{title}</span>
              <span className="truncate text-faint">{author}</span>
            </li>
          ))}
          {commitCount > commits.length && <li>and {commitCount - commits.length} more</li>}
        </Fold>
      )}
      {files.length > 0 && (
        <Fold
          title={`${fileCount} ${fileCount === 1 ? "file" : "files"}`}
          aside={<ChangedLines additions={preview.additions} deletions={preview.deletions} />}
        >
          {files.map(({ path, additions, deletions }) => (
            <li key={path} className="flex gap-2">
              <span className="min-w-0 flex-1 font-mono break-all">{path}</span>
              <ChangedLines additions={additions} deletions={deletions} />
            </li>
          ))}
          {fileCount > files.length && <li>and {fileCount - files.length} more</li>}
        </Fold>
      )}
    </div>
  );
}

function Fold({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <details>
      <summary className="cursor-pointer text-xs text-quiet">
        {title} {aside}
      </summary>
      <ul className="mt-1 flex max-h-48 flex-col gap-0.5 overflow-y-auto text-xs">{children}</ul>
    </details>
  );
}
