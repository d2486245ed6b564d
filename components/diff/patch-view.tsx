"use client";
import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";
import { DiffBoundary } from "./diff-boundary";
import { PlainDiff } from "./plain-diff";

const DiffViewer = dynamic(() => import("./diff-viewer").then((module) => module.DiffViewer), {
  ssr: false,
  loading: () => <Skeleton className="m-4 h-64" />,
});

/** A patch with highlighted code; where that cannot work, the patch as it is. */
export function PatchView({ patch }: { patch: string }) {
  return (
    <DiffBoundary key={patch.length} fallback={<PlainDiff patch={patch} />}>
      <DiffViewer patch={patch} />
    </DiffBoundary>
  );
}
