import { clsx } from "clsx";

/** Holds the place of something that is coming, in its true size. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden data-skeleton className={clsx("block rounded-sm bg-hover", className)} />
  );
}

/** Rows of a list that is coming. */
export function SkeletonRows({ rows, label }: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className="flex h-9 items-center gap-4 border-b px-4 max-md:h-20">
          <Skeleton className="h-3 w-10" />
          <Skeleton className="h-3 w-24" />
          <Skeleton className="h-3 flex-1" />
          <Skeleton className="h-3 w-20 max-md:hidden" />
        </div>
      ))}
    </div>
  );
}
