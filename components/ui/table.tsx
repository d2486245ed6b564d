import { clsx } from "clsx";
import type { ReactNode } from "react";

/**
 * A table of fixed column widths that does not move when its content changes. On a phone each row
 * becomes a stack.
 */
export function Table({
  label,
  columns,
  children,
}: {
  label: string;
  columns: { name: string; width?: string; isHidden?: boolean; isNumeric?: boolean }[];
  children: ReactNode;
}) {
  return (
    <table aria-label={label} className="w-full table-fixed border-collapse max-md:block">
      <thead className="max-md:sr-only">
        <tr className="border-b">
          {columns.map((column) => (
            <th
              key={column.name}
              scope="col"
              style={{ width: column.width }}
              className={clsx(
                "h-8 px-2 text-left text-xs font-normal text-faint first:pl-4 last:pr-4",
                column.isNumeric && "text-right",
              )}
            >
              <span className={clsx(column.isHidden && "sr-only")}>{column.name}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block">{children}</tbody>
    </table>
  );
}

export function Row({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <tr
      className={clsx(
        "group relative border-b hover:bg-hover max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-3 max-md:gap-y-1 max-md:px-4 max-md:py-2.5",
        className,
      )}
    >
      {children}
    </tr>
  );
}

export function Cell({
  className,
  isNumeric,
  title,
  children,
}: {
  className?: string;
  isNumeric?: boolean;
  title?: string;
  children?: ReactNode;
}) {
  return (
    <td
      title={title}
      className={clsx(
        "h-9 min-w-0 truncate px-2 first:pl-4 last:pr-4 max-md:h-auto max-md:max-w-full max-md:p-0! max-md:empty:hidden",
        isNumeric && "md:text-right",
        className,
      )}
    >
      {children}
    </td>
  );
}
