"use client";
import { Columns2, ListTree, PilcrowIcon, WholeWord } from "lucide-react";
import type { ReactNode } from "react";
import { ChangedLines } from "@/components/runs/changed-lines";
import { Button } from "@/components/ui/button";
import type { RunDiff } from "@/server/domain/diff";
import type { DiffSettings } from "./diff-settings";

/** What is compared and how it is shown, over the diff. */
export function ChangesToolbar({
  diff,
  viewed,
  settings,
  onSettings,
  onFiles,
  children,
}: {
  diff: RunDiff | null;
  viewed: number;
  settings: DiffSettings;
  onSettings: (part: Partial<DiffSettings>) => void;
  /** Opens the list of files where it has no room beside the diff. */
  onFiles: () => void;
  children: ReactNode;
}) {
  const { isSplit, isSpaceIgnored, hasWords, isTreeShown } = settings;
  return (
    <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b px-2 py-1 text-xs text-quiet">
      <Toggle
        label="Files beside the diff"
        isOn={isTreeShown}
        onChange={(isOn) => onSettings({ isTreeShown: isOn })}
        className="max-lg:hidden"
      >
        <ListTree aria-hidden className="size-3.5" />
      </Toggle>
      <Button size="small" className="lg:hidden" onClick={onFiles}>
        <ListTree aria-hidden className="size-3.5" />
        Files
      </Button>
      {children}
      {diff && (
        <>
          <span>
            {diff.files} {diff.files === 1 ? "file" : "files"}
          </span>
          <ChangedLines additions={diff.additions} deletions={diff.deletions} />
          <span aria-live="polite">
            {viewed} of {diff.files} viewed
          </span>
          {diff.from && diff.to && (
            <span className="font-mono text-faint max-2xl:hidden">
              {diff.from.slice(0, 10)}..{diff.to.slice(0, 10)}
            </span>
          )}
        </>
      )}
      <span className="ml-auto flex items-center gap-1">
        <Toggle
          label="Side by side"
          isOn={isSplit}
          onChange={(isOn) => onSettings({ isSplit: isOn })}
        >
          <Columns2 aria-hidden className="size-3.5" />
        </Toggle>
        <Toggle
          label="Ignore white space"
          isOn={isSpaceIgnored}
          onChange={(isOn) => onSettings({ isSpaceIgnored: isOn })}
        >
          <PilcrowIcon aria-hidden className="size-3.5" />
        </Toggle>
        <Toggle
          label="Mark changed words"
          isOn={hasWords}
          onChange={(isOn) => onSettings({ hasWords: isOn })}
        >
          <WholeWord aria-hidden className="size-3.5" />
        </Toggle>
      </span>
    </div>
  );
}

function Toggle({
  label,
  isOn,
  onChange,
  className = "",
  children,
}: {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Button
      size="small-icon"
      look="quiet"
      aria-pressed={isOn}
      aria-label={label}
      title={label}
      onClick={() => onChange(!isOn)}
      className={`${className} aria-pressed:bg-hover aria-pressed:text-ink`}
    >
      {children}
    </Button>
  );
}
