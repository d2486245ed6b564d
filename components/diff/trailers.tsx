import type { Trailer } from "./read-trailers";

/** What a commit's message says in its last lines, such as the run that made it. */
export function Trailers({ trailers }: { trailers: Trailer[] }) {
  if (trailers.length === 0) return null;
  return (
    <dl
      aria-label="Trailers"
      className="flex shrink-0 flex-wrap gap-x-4 gap-y-0.5 border-b px-4 py-1.5 text-xs"
    >
      {trailers.map(({ name, value }) => (
        <div key={`${name} ${value}`} className="flex min-w-0 gap-1.5">
          <dt className="text-faint">{name}</dt>
          <dd className="truncate font-mono text-quiet">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
