"use client";
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { tones } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { Duration } from "@/components/ui/duration";
import { formatBytes } from "@/components/ui/format-number";
import type { RunCommandView } from "@/server/domain/workspace-commands";
import { commandDress } from "./command-dress";
import { CommandOutput } from "./command-output";

/** One command: state, name, how it ended, how long it took; its text and output when opened. */
export function CommandItem({ runId, command }: { runId: string; command: RunCommandView }) {
  const isNoteworthy = command.state !== "passed" && command.state !== "skipped";
  const [isOpen, setIsOpen] = useState(isNoteworthy);
  const { word, Icon, tone } = commandDress[command.state];
  return (
    <li className="border-b">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={clsx("size-3.5 shrink-0 text-faint", isOpen && "rotate-90")}
        />
        <span
          className={clsx(
            "inline-flex w-24 shrink-0 items-center gap-1.5 font-medium",
            tones[tone],
          )}
        >
          <Icon
            aria-hidden
            className={clsx("size-3.5", command.state === "running" && "animate-spin")}
          />
          {word}
        </span>
        <span className="min-w-0 flex-1 truncate font-medium">{command.name}</span>
        <span className="text-xs text-quiet">{describeExit(command)}</span>
        <span className="w-16 text-right font-mono text-xs text-faint">
          <Duration from={command.startedAt} to={command.endedAt} />
        </span>
      </button>
      {isOpen && (
        <div className="flex flex-col gap-2 px-4 pb-3">
          {command.note && <p className="text-quiet">It {command.note}.</p>}
          <div className="flex items-start gap-2">
            <pre className="max-h-40 min-w-0 flex-1 overflow-auto font-mono text-xs whitespace-pre-wrap text-quiet">
              {command.command}
            </pre>
            <CopyButton text={command.command} what="the command" />
          </div>
          {command.kind !== "bring_along" && <CommandOutput runId={runId} command={command} />}
        </div>
      )}
    </li>
  );
}

function describeExit({ exitCode, exitSignal, outputBytes, tries, kind }: RunCommandView): string {
  if (kind === "bring_along") return "";
  const words = [
    exitSignal ?? (exitCode === null ? null : `exit ${exitCode}`),
    tries > 1 ? `try ${tries}` : null,
    outputBytes > 0 ? formatBytes(outputBytes) : null,
  ];
  return words.filter(Boolean).join(" · ");
}
