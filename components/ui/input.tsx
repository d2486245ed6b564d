import { clsx } from "clsx";
import type { InputHTMLAttributes } from "react";

export const boxLook =
  "w-full rounded-md border border-edge bg-surface px-2 text-sm text-ink hover:border-faint aria-invalid:border-bad disabled:opacity-50";

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input className={clsx(boxLook, "h-8", className)} autoComplete="off" {...rest} />;
}
