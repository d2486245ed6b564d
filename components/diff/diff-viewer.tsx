"use client";
import { parsePatchFiles } from "@pierre/diffs";
import { FileDiff } from "@pierre/diffs/react";
import { useTheme } from "next-themes";
import { useMemo } from "react";
import { DiffPool } from "./diff-pool";
import { cutLongLines } from "./match-files";
import { PlainDiff } from "./plain-diff";
import { diffCss, theme } from "./viewer-theme";

/** A patch to be read, file after file. */
export function DiffViewer({ patch }: { patch: string }) {
  const { resolvedTheme } = useTheme();
  const files = useMemo(
    () => parsePatchFiles(cutLongLines(patch)).flatMap((part) => part.files),
    [patch],
  );
  return (
    <DiffPool fallback={<PlainDiff patch={patch} />}>
      {files.map((file) => (
        <FileDiff
          key={`${file.prevName ?? ""}→${file.name}`}
          fileDiff={file}
          options={{
            theme,
            themeType: resolvedTheme === "dark" ? "dark" : "light",
            diffStyle: "unified",
            overflow: "wrap",
            unsafeCSS: diffCss,
          }}
        />
      ))}
    </DiffPool>
  );
}
