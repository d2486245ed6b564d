import { formatBytes } from "@/components/ui/format-number";
import type { CleanupKind } from "@/server/domain/cleanup";

interface Sum {
  items: number;
  bytes: number;
}

const kinds: Record<CleanupKind, string> = {
  workspace: "Workspaces",
  spool: "Control folders",
  output: "Outputs to cut",
};

/** What is due now, and what would be due under the policy as it is written. */
export function PolicyPreview({
  preview,
}: {
  preview: { kinds: { kind: CleanupKind; before: Sum; after: Sum }[] };
}) {
  return (
    <dl
      aria-label="What the policy would make due"
      className="grid grid-cols-[1fr_auto_auto] gap-x-4 gap-y-1 rounded-md border px-3 py-2"
    >
      <dt className="text-xs text-faint">Due</dt>
      <dd className="text-right text-xs text-faint">now</dd>
      <dd className="text-right text-xs text-faint">with this policy</dd>
      {preview.kinds.map(({ kind, before, after }) => (
        <div key={kind} className="contents">
          <dt>{kinds[kind]}</dt>
          <dd className="text-right text-quiet">{tell(before)}</dd>
          <dd className="text-right">{tell(after)}</dd>
        </div>
      ))}
    </dl>
  );
}

const tell = ({ items, bytes }: Sum) => (items === 0 ? "none" : `${items}, ${formatBytes(bytes)}`);
