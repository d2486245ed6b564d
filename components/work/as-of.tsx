import { RelativeTime } from "@/components/ui/relative-time";

/** When a whereabouts was seen last; “unknown since” while nobody can look. */
export function AsOf({ asOf, unknownSince }: { asOf: Date | null; unknownSince: Date | null }) {
  if (unknownSince) {
    return (
      <span className="text-warn" title="Its mirror, its origin or its worker is away.">
        unknown since <RelativeTime at={unknownSince} />
      </span>
    );
  }
  if (!asOf)
    return <span title="The worker looks within seconds of a run's end.">not looked yet</span>;
  return (
    <span title="When origin and mirror were seen to be so.">
      as of <RelativeTime at={asOf} />
    </span>
  );
}
