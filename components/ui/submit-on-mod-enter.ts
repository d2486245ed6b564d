import type { KeyboardEvent } from "react";

/** ⌘Enter or Ctrl Enter sends the form that the field stands in. */
export function submitOnModEnter(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
  event.preventDefault();
  event.currentTarget.closest("form")?.requestSubmit();
}
