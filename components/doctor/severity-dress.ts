import { CircleAlert, Info, type LucideIcon, OctagonAlert } from "lucide-react";
import type { Tone } from "@/components/ui/badge";
import type { Severity } from "@/server/domain/difference-kinds";

/** How each severity looks, the worst first. */
export const severityDress = {
  critical: { word: "Critical", Icon: OctagonAlert, tone: "bad" },
  warning: { word: "Warnings", Icon: CircleAlert, tone: "warn" },
  note: { word: "Notes", Icon: Info, tone: "idle" },
} as const satisfies Record<Severity, { word: string; Icon: LucideIcon; tone: Tone }>;

export const severitiesInOrder = Object.keys(severityDress) as Severity[];
