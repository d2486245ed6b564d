import { clsx } from "clsx";
import type { ReactNode } from "react";

export const tones = {
  idle: "text-idle",
  live: "text-live",
  good: "text-good",
  warn: "text-warn",
  bad: "text-bad",
} as const;
export type Tone = keyof typeof tones;

/** A short word with a meaning: an icon and a word in the colour of what it says. */
export function Badge({
  tone = "idle",
  title,
  children,
}: {
  tone?: Tone;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span
      title={title}
      className={clsx(
        "inline-flex h-5 shrink-0 items-center gap-1 rounded-sm border px-1.5 text-xs whitespace-nowrap [&>svg]:size-3",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
