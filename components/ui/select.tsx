import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import type { SelectHTMLAttributes } from "react";
import { boxLook } from "./input";

/** The browser's own select: the best one on a phone, and free. */
export function Select({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className={clsx("relative inline-block", className)}>
      <select className={clsx(boxLook, "h-8 appearance-none pr-7")} {...rest} />
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-2 right-2 size-4 text-faint"
      />
    </span>
  );
}
