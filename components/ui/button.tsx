import { clsx } from "clsx";
import type { ButtonHTMLAttributes } from "react";

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

export interface ButtonLook {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  className?: string;
}

export function dressButton({ look = "plain", size = "normal", className }: ButtonLook) {
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
}: ButtonLook & ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type={type} className={dressButton({ look, size, className })} {...rest} />;
}
