import type { ReactNode } from "react";

/** What stands where nothing is: what would be here and the action that brings it. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-start gap-2 px-4 py-8">
      <p className="text-base font-medium">{title}</p>
      {children && <div className="max-w-prose text-sm text-quiet">{children}</div>}
      {action && <div className="mt-1 flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}
