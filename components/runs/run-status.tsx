import { clsx } from "clsx";
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CirclePause,
  CircleX,
  LoaderCircle,
  type LucideIcon,
  PackageCheck,
  Play,
} from "lucide-react";
import { type Tone, tones } from "@/components/ui/badge";
import type { RunStatus } from "@/server/domain/run-status";
import type { Verdict } from "@/server/domain/verdicts";

/** How each status looks. A new status fails the build until it is dressed here. */
export const statusDress = {
  queued: { word: "Queued", Icon: CircleDashed, tone: "idle", isEnded: false },
  preparing: { word: "Preparing", Icon: LoaderCircle, tone: "live", isEnded: false },
  running: { word: "Running", Icon: Play, tone: "live", isEnded: false },
  waiting: { word: "Waiting", Icon: CirclePause, tone: "warn", isEnded: false },
  finishing: { word: "Finishing", Icon: PackageCheck, tone: "live", isEnded: false },
  succeeded: { word: "Succeeded", Icon: CircleCheck, tone: "good", isEnded: true },
  failed: { word: "Failed", Icon: CircleX, tone: "bad", isEnded: true },
  cancelled: { word: "Cancelled", Icon: Ban, tone: "idle", isEnded: true },
} as const satisfies Record<
  RunStatus,
  { word: string; Icon: LucideIcon; tone: Tone; isEnded: boolean }
>;

export const statusesInOrder = Object.keys(statusDress) as RunStatus[];

export function isEnded(status: RunStatus): boolean {
  return statusDress[status].isEnded;
}

/** A run that left nothing has ended, and is never dressed as a success. */
const emptyDress = { word: "Ended", Icon: CircleMinus, tone: "idle" } as const;

/** A status as icon, word and colour; never as colour alone. */
export function RunStatusLabel({
  status,
  verdict = null,
  className,
}: {
  status: RunStatus;
  verdict?: Verdict | null;
  className?: string;
}) {
  const isEmpty = verdict === "no_change" || verdict === "nothing_produced";
  const { word, Icon, tone } = isEmpty ? emptyDress : statusDress[status];
  return (
    <span
      data-status={status}
      className={clsx(
        "inline-flex shrink-0 items-center gap-1.5 font-medium",
        tones[tone],
        className,
      )}
    >
      <Icon aria-hidden className={clsx("size-3.5", status === "running" && "breathes")} />
      {word}
    </span>
  );
}
