"use client";
import { useCallback } from "react";
import type { FileChange } from "@/server/domain/diff";
import { useStored } from "./use-stored";
import { isViewed, markViewed, type ViewedFiles } from "./viewed-files";

const nothing: ViewedFiles = {};

/** Which files of a run this person has viewed, as this browser remembers it. */
export function useViewed(runId: string) {
  const [viewed, change] = useStored("coppice.viewed", nothing);
  const mark = useCallback(
    (file: FileChange, isNowViewed: boolean) =>
      change((before) => markViewed(before, runId, file, isNowViewed)),
    [change, runId],
  );
  const isFileViewed = useCallback(
    (file: FileChange) => isViewed(viewed, runId, file),
    [viewed, runId],
  );
  return { isViewed: isFileViewed, mark };
}
