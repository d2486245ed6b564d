import {
  CircleCheck,
  CircleOff,
  CirclePause,
  CircleSlash,
  CircleX,
  TriangleAlert,
} from "lucide-react";
import { Badge, type Tone } from "@/components/ui/badge";
import type { WorkerState } from "@/server/domain/worker";

const dress = {
  live: { word: "online", why: "It beats and takes runs.", tone: "good", Icon: CircleCheck },
  draining: {
    word: "draining",
    why: "It takes no new run and follows the agents it has.",
    tone: "warn",
    Icon: CirclePause,
  },
  drained: {
    word: "drained",
    why: "It takes no new run and holds none: it can be stopped or upgraded.",
    tone: "idle",
    Icon: CircleOff,
  },
  stalled: {
    word: "stalled",
    why: "It has not been heard of for 15 s or more. Its agents may go on.",
    tone: "warn",
    Icon: TriangleAlert,
  },
  stopped: {
    word: "stopped",
    why: "It was stopped on purpose. Its agents may go on.",
    tone: "idle",
    Icon: CircleSlash,
  },
  lost: {
    word: "lost",
    why: "Its host was declared lost; other hosts have taken what they could.",
    tone: "bad",
    Icon: CircleX,
  },
} as const satisfies Record<
  WorkerState,
  { word: string; why: string; tone: Tone; Icon: typeof CircleCheck }
>;

export function WorkerStateBadge({ state }: { state: WorkerState }) {
  const { word, why, tone, Icon } = dress[state];
  return (
    <Badge tone={tone} title={why}>
      <Icon aria-hidden />
      {word}
    </Badge>
  );
}
