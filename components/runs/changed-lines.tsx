/** “+128 −41”; a dash while it is not known. */
export function ChangedLines({
  additions,
  deletions,
}: {
  additions: number | null;
  deletions: number | null;
}) {
  if (additions === null || deletions === null) return <span className="text-faint">–</span>;
  if (additions === 0 && deletions === 0) return <span className="text-faint">±0</span>;
  return (
    <span className="whitespace-nowrap">
      <span className="text-good">+{additions}</span> <span className="text-bad">−{deletions}</span>
    </span>
  );
}
