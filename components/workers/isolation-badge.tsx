import { ShieldAlert, ShieldCheck } from "lucide-react";
import { Badge, type Tone } from "@/components/ui/badge";
import type { Isolation } from "@/server/domain/confinement";

export const isolationWords = {
  bubblewrap: "sandboxed by bubblewrap",
  "pid-namespace": "own process namespace only",
  none: "no isolation",
} as const satisfies Record<Isolation, string>;

const tones = {
  bubblewrap: "good",
  "pid-namespace": "warn",
  none: "bad",
} as const satisfies Record<Isolation, Tone>;

/** How well an agent is kept from the rest of its host. */
export function IsolationBadge({ isolation, why }: { isolation: Isolation; why?: string }) {
  const Icon = isolation === "bubblewrap" ? ShieldCheck : ShieldAlert;
  return (
    <Badge tone={tones[isolation]} title={why}>
      <Icon aria-hidden />
      {isolationWords[isolation]}
    </Badge>
  );
}
