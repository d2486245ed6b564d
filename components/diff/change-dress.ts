import {
  FileDiff,
  FileMinus,
  FilePlus,
  FileSymlink,
  FileText,
  type LucideIcon,
  Settings2,
} from "lucide-react";
import type { ChangeKind } from "@/server/domain/diff";

export const changeDress = {
  added: { word: "added", Icon: FilePlus, look: "text-good" },
  deleted: { word: "deleted", Icon: FileMinus, look: "text-bad" },
  modified: { word: "modified", Icon: FileDiff, look: "text-faint" },
  renamed: { word: "renamed", Icon: FileSymlink, look: "text-live" },
  mode: { word: "mode changed", Icon: Settings2, look: "text-warn" },
  type: { word: "type changed", Icon: FileText, look: "text-warn" },
} as const satisfies Record<ChangeKind, { word: string; Icon: LucideIcon; look: string }>;
