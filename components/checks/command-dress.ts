import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleMinus,
  CircleX,
  LoaderCircle,
  type LucideIcon,
  TimerOff,
} from "lucide-react";
import type { Tone } from "@/components/ui/badge";
import type { CheckRoundState, CommandState } from "@/server/domain/workspace-commands";

/** How each state of a command looks. A new one fails the build until it is dressed here. */
export const commandDress = {
  planned: { word: "Planned", Icon: CircleDashed, tone: "idle" },
  running: { word: "Running", Icon: LoaderCircle, tone: "live" },
  passed: { word: "Passed", Icon: CircleCheck, tone: "good" },
  failed: { word: "Failed", Icon: CircleX, tone: "bad" },
  timed_out: { word: "Timed out", Icon: TimerOff, tone: "bad" },
  skipped: { word: "Skipped", Icon: CircleMinus, tone: "idle" },
  cancelled: { word: "Cancelled", Icon: Ban, tone: "idle" },
  lost: { word: "Lost", Icon: CircleHelp, tone: "warn" },
} as const satisfies Record<CommandState, { word: string; Icon: LucideIcon; tone: Tone }>;

export const roundWords = {
  running: "under way",
  passed: "all passed",
  failed: "not all passed",
  sent_back: "sent back to the agent",
  cancelled: "cancelled",
} as const satisfies Record<CheckRoundState, string>;
