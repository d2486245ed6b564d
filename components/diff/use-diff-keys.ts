"use client";
import { useEffect, useRef } from "react";
import { findCurrentFile, stepFile } from "./reading-place";

/** j and k go from file to file, v marks one as viewed, c begins a comment; a field keeps its letters. */
export function useDiffKeys(on: {
  viewed: (path: string) => void;
  comment: (path: string) => void;
}): void {
  const latest = useRef(on);
  latest.current = on;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTaken(event)) return;
      const path = findCurrentFile();
      if (path === null) return;
      if (event.key === "j") stepFile(1);
      else if (event.key === "k") stepFile(-1);
      else if (event.key === "v") latest.current.viewed(path);
      else if (event.key === "c") latest.current.comment(path);
      else return;
      // Before the keys of every page, for which j and k are the rows of a list.
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, []);
}

function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const isField = target.isContentEditable || target.closest("textarea, select, dialog, [popover]");
  const isText = target.closest("input:not([type=checkbox])") !== null;
  return Boolean(isField) || isText || document.querySelector("dialog[open]") !== null;
}
