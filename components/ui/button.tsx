import { clsx } from "clsx";
import Link from "next/link";
import type { ButtonHTMLAttributes, ReactNode } from "react";

const looks = {
  primary: "bg-ink text-canvas border-transparent hover:opacity-90",
  plain: "bg-surface text-ink border-edge hover:bg-hover",
  quiet: "border-transparent text-quiet hover:bg-hover hover:text-ink",
  danger: "bg-surface text-bad border-edge hover:bg-bad/10 hover:border-bad",
} as const;
const sizes = {
  small: "h-6 px-2 gap-1 text-xs",
  normal: "h-8 px-3 gap-1.5 text-sm",
  icon: "size-8 justify-center",
  "small-icon": "size-6 justify-center",
} as const;

interface Look {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  className?: string;
}

function dress({ look = "plain", size = "normal", className }: Look) {
  return clsx(
    "inline-flex shrink-0 items-center rounded-md border font-medium whitespace-nowrap select-none",
    "disabled:opacity-50 aria-disabled:opacity-50",
    looks[look],
    sizes[size],
    className,
  );
}

export function Button({
  look,
  size,
  className,
  type = "button",
  ...rest
}: Look & ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type={type} className={dress({ look, size, className })} {...rest} />;
}

/** A link that looks like a button, for going somewhere. */
export function ButtonLink({
  look,
  size,
  className,
  href,
  title,
  children,
}: Look & { href: string; title?: string; children: ReactNode }) {
  return (
    <Link href={href} title={title} className={dress({ look, size, className })}>
      {children}
    </Link>
  );
}
