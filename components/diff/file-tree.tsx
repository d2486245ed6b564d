"use client";
import { clsx } from "clsx";
import { Check, ChevronDown, ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { ChangedLines } from "@/components/runs/changed-lines";
import { Input } from "@/components/ui/input";
import { ScrollRegion } from "@/components/ui/scroll-region";
import type { FileChange } from "@/server/domain/diff";
import { listTreeRows, type TreeNode } from "./build-file-tree";
import { changeDress } from "./change-dress";

/** The changed files with their folders; a click leads to the file. */
export function FileTree({
  tree,
  filter,
  onFilter,
  isViewed,
  onOpen,
}: {
  tree: TreeNode[];
  filter: string;
  onFilter: (filter: string) => void;
  isViewed: (change: FileChange) => boolean;
  onOpen: (change: FileChange) => void;
}) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => listTreeRows(tree, closed), [tree, closed]);
  const toggle = (path: string) =>
    setClosed((before) => {
      const next = new Set(before);
      if (!next.delete(path)) next.add(path);
      return next;
    });
  return (
    <>
      <div className="shrink-0 border-b p-2">
        <Input
          aria-label="Filter the files"
          placeholder="Filter the files"
          value={filter}
          onChange={(event) => onFilter(event.target.value)}
          className="h-7 text-xs"
        />
      </div>
      <ScrollRegion label="Changed files" className="min-h-0 flex-1 overflow-y-auto py-1">
        {rows.length === 0 && <p className="px-3 py-2 text-xs text-quiet">No file matches.</p>}
        <ul>
          {rows.map(({ node, depth }) => (
            <li
              key={node.kind === "file" ? node.change.path : `${node.path}/`}
              className="[contain-intrinsic-size:auto_1.5rem] [content-visibility:auto]"
            >
              <TreeRowButton
                {...{ node, depth }}
                isOpen={node.kind === "folder" && !closed.has(node.path)}
                isViewed={node.kind === "file" && isViewed(node.change)}
                onPress={() => (node.kind === "file" ? onOpen(node.change) : toggle(node.path))}
              />
            </li>
          ))}
        </ul>
      </ScrollRegion>
    </>
  );
}

function TreeRowButton({
  node,
  depth,
  isOpen,
  isViewed,
  onPress,
}: {
  node: TreeNode;
  depth: number;
  isOpen: boolean;
  isViewed: boolean;
  onPress: () => void;
}) {
  const isFile = node.kind === "file";
  const { additions, deletions } = isFile ? node.change : node;
  const dress = isFile ? changeDress[node.change.kind] : null;
  const Icon = dress?.Icon ?? (isOpen ? ChevronDown : ChevronRight);
  return (
    <button
      type="button"
      onClick={onPress}
      aria-expanded={isFile ? undefined : isOpen}
      title={isFile ? `${node.change.path} (${dress?.word})` : node.path}
      style={{ paddingLeft: `${0.5 + depth * 0.75}rem` }}
      className="flex h-6 w-full items-center gap-1.5 pr-2 text-left text-xs -outline-offset-2 hover:bg-hover"
    >
      <Icon aria-hidden className={clsx("size-3.5 shrink-0", dress?.look ?? "text-faint")} />
      <span
        className={clsx(
          "min-w-0 flex-1 truncate",
          isFile ? isViewed && "text-faint" : "text-quiet",
          isFile && node.change.kind === "deleted" && "line-through",
        )}
      >
        {node.name}
      </span>
      {dress && <span className="sr-only">{dress.word}</span>}
      {isViewed && <Check aria-label="viewed" className="size-3 shrink-0 text-good" />}
      {!isFile && <span className="text-faint">{node.files}</span>}
      {isFile && <ChangedLines {...{ additions, deletions }} />}
    </button>
  );
}
