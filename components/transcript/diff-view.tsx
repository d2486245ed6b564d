"use client";
import { clsx } from "clsx";
import { useState } from "react";
import { ChangedLines } from "@/components/runs/changed-lines";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { shortenPath } from "./describe-tool";
import type { DiffLine } from "./diff-lines";
import type { FileEdit } from "./read-edits";

const shownLines = 80;

/** What a tool changes in one file: its path, and the lines that go and come. */
export function DiffView({ edit }: { edit: FileEdit }) {
  const [isWhole, setIsWhole] = useState(false);
  const count = (wanted: string) => edit.lines.filter(({ sign }) => sign === wanted).length;
  const hidden = isWhole ? 0 : Math.max(0, edit.lines.length - shownLines);
  return (
    <div className="my-1 overflow-hidden rounded-sm border">
      <p className="flex items-center gap-2 border-b bg-sunken py-0.5 pr-1 pl-2 font-mono text-xs">
        <span className="min-w-0 truncate" title={edit.path}>
          {shortenPath(edit.path)}
        </span>
        {edit.what && <span className="shrink-0 font-sans text-faint">{edit.what}</span>}
        <span className="ml-auto shrink-0">
          <ChangedLines additions={count("+")} deletions={count("-")} />
        </span>
        <CopyButton text={edit.path} what="the path" />
      </p>
      <ScrollRegion label={`Diff of ${edit.path}`} className="max-h-96 overflow-auto">
        <pre className="w-max min-w-full font-mono text-xs leading-[18px]">
          {edit.lines.slice(0, edit.lines.length - hidden).map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of an edit never move
            <Line key={index} line={line} />
          ))}
        </pre>
      </ScrollRegion>
      {hidden > 0 && (
        <Button size="small" look="quiet" onClick={() => setIsWhole(true)}>
          {hidden} more {hidden === 1 ? "line" : "lines"}
        </Button>
      )}
    </div>
  );
}

function Line({ line: { sign, text } }: { line: DiffLine }) {
  if (sign === "gap") return <span className="block bg-sunken px-2 text-faint">{text}</span>;
  return (
    <span
      className={clsx(
        "block px-2",
        sign === "+" && "bg-good/10 text-good",
        sign === "-" && "bg-bad/10 text-bad",
      )}
    >
      <span className="mr-2 inline-block w-2 select-none">{sign === "-" ? "−" : sign}</span>
      {text || " "}
    </span>
  );
}
