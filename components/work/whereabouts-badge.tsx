import {
  ArrowUpFromLine,
  Bookmark,
  CircleCheck,
  CircleHelp,
  CircleSlash,
  FolderOpen,
  HardDrive,
  type LucideIcon,
  TriangleAlert,
} from "lucide-react";
import { Badge, type Tone } from "@/components/ui/badge";
import type { MergeWay } from "@/server/domain/commit";
import type { WorkWhereabouts } from "@/server/domain/work";

/** How each whereabouts looks. A new one fails the build until it is dressed here. */
export const whereaboutsDress = {
  merged: {
    word: "merged",
    why: "The origin's default branch has it.",
    Icon: CircleCheck,
    tone: "good",
  },
  pushed: {
    word: "pushed",
    why: "Another branch or a tag of the origin has it.",
    Icon: ArrowUpFromLine,
    tone: "good",
  },
  only_here: {
    word: "only here",
    why: "It is on a branch in Coppice's mirror and nowhere else.",
    Icon: HardDrive,
    tone: "warn",
  },
  in_keep_ref: {
    word: "in a keep ref",
    why: "No branch has it; one of Coppice's own refs holds it.",
    Icon: Bookmark,
    tone: "warn",
  },
  in_workspace: {
    word: "in its workspace",
    why: "It is in no commit; it lies on the worker's disk alone.",
    Icon: FolderOpen,
    tone: "warn",
  },
  missing: {
    word: "missing",
    why: "It was recorded and cannot be found. Look at the worker's disk and its backup.",
    Icon: TriangleAlert,
    tone: "bad",
  },
  gone: {
    word: "gone",
    why: "An operator let it go, and nothing holds it any more.",
    Icon: CircleSlash,
    tone: "idle",
  },
} as const satisfies Record<
  WorkWhereabouts,
  { word: string; why: string; Icon: LucideIcon; tone: Tone }
>;

export const whereaboutsInOrder = Object.keys(whereaboutsDress) as WorkWhereabouts[];

const mergeWords = {
  history: "",
  same_patch: " One commit there makes the very same change.",
  squash: " One commit there is its whole run or session, squashed.",
} as const satisfies Record<MergeWay, string>;

/** Where work is, as icon and word; with a question mark while nobody can look. */
export function WhereaboutsBadge({
  whereabouts,
  mergedBy,
  unknownSince,
}: {
  whereabouts: WorkWhereabouts;
  mergedBy: MergeWay | null;
  unknownSince: Date | null;
}) {
  const { word, why, Icon, tone } = whereaboutsDress[whereabouts];
  const how = mergedBy ? mergeWords[mergedBy] : "";
  const doubt = unknownSince ? ` Not seen since ${unknownSince.toISOString()}.` : "";
  return (
    <Badge tone={tone} title={`${why}${how}${doubt}`}>
      {unknownSince ? <CircleHelp aria-hidden /> : <Icon aria-hidden />}
      {mergedBy === "squash"
        ? "merged, squashed"
        : mergedBy === "same_patch"
          ? "merged, as a copy"
          : word}
      {unknownSince && <span aria-hidden>?</span>}
      {unknownSince && <span className="sr-only">, unknown at the moment</span>}
    </Badge>
  );
}
