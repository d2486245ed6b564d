import { clsx } from "clsx";
import { CircleDashed, CircleSlash, Equal, type LucideIcon, ShieldCheck } from "lucide-react";
import { type Tone, tones } from "@/components/ui/badge";
import type { Verdict } from "@/server/domain/verdicts";

/** How each verdict reads. A new one fails the build until it is dressed here. */
const verdictDress = {
  verified: { word: "verified", why: "The checks passed.", Icon: ShieldCheck, tone: "good" },
  unverified: {
    word: "unverified",
    why: "There are changes, and no check has proved them.",
    Icon: CircleDashed,
    tone: "idle",
  },
  no_change: {
    word: "no change needed",
    why: "The agent said that nothing had to be changed.",
    Icon: Equal,
    tone: "idle",
  },
  nothing_produced: {
    word: "nothing produced",
    why: "The agent ended well and left neither a commit nor a changed file.",
    Icon: CircleSlash,
    tone: "warn",
  },
} as const satisfies Record<Verdict, { word: string; why: string; Icon: LucideIcon; tone: Tone }>;

export function VerdictLabel({ verdict, className }: { verdict: Verdict; className?: string }) {
  const { word, why, Icon, tone } = verdictDress[verdict];
  return (
    <span title={why} className={clsx(tones[tone], className)}>
      <Icon aria-hidden className="mr-1 inline size-3 align-[-1px]" />
      {word}
    </span>
  );
}
