import {
  CircleCheck,
  CircleSlash,
  CircleX,
  Clock,
  GitMerge,
  LoaderCircle,
  type LucideIcon,
  Undo2,
} from "lucide-react";
import { Badge, type Tone } from "@/components/ui/badge";
import type { DeliveryState } from "@/server/domain/delivery";
import { deliveryWords } from "@/server/domain/delivery-words";

/** How each state looks. A new one fails the build until it is dressed here. */
const stateDress = {
  planned: { Icon: Clock, tone: "idle" },
  running: { Icon: LoaderCircle, tone: "live" },
  delivered: { Icon: CircleCheck, tone: "good" },
  refused: { Icon: CircleSlash, tone: "bad" },
  conflict: { Icon: GitMerge, tone: "warn" },
  failed: { Icon: CircleX, tone: "bad" },
  undone: { Icon: Undo2, tone: "idle" },
} as const satisfies Record<DeliveryState, { Icon: LucideIcon; tone: Tone }>;

export function DeliveryStateBadge({ state }: { state: DeliveryState }) {
  const { Icon, tone } = stateDress[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {deliveryWords.states[state]}
    </Badge>
  );
}
