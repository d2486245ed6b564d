/** Where a reader is in a diff. The page itself is asked: only it knows what was scrolled where. */
const scroller = () => document.querySelector<HTMLElement>("[data-diff-scroller]");

const sections = () => [...(scroller()?.querySelectorAll<HTMLElement>("[data-file]") ?? [])];

/** The path of the file that has the focus, or else of the one at the upper edge. */
export function findCurrentFile(): string | null {
  const focused = document.activeElement?.closest<HTMLElement>("[data-file]");
  const box = scroller();
  if (focused && box?.contains(focused)) return focused.dataset.file ?? null;
  const edge = (box?.getBoundingClientRect().top ?? 0) + 4;
  const at = sections().findLast((section) => section.getBoundingClientRect().top <= edge);
  return (at ?? sections()[0])?.dataset.file ?? null;
}

/** Brings a file to the upper edge; with `isFocused` its heading takes the keys. */
export function scrollToFile(path: string, isFocused = false): void {
  const box = scroller();
  const section = sections().find(({ dataset }) => dataset.file === path);
  if (!box || !section) return;
  box.scrollTop += section.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (isFocused) {
    section.querySelector<HTMLElement>("[data-file-heading]")?.focus({ preventScroll: true });
  }
}

export function stepFile(step: 1 | -1): void {
  const all = sections().map(({ dataset }) => dataset.file ?? "");
  const at = all.indexOf(findCurrentFile() ?? "");
  const next = all[at + step];
  if (next !== undefined) scrollToFile(next, true);
}

const maxFrames = 40;

/** Brings a comment into view as soon as its line is drawn; its file comes first. */
export function scrollToComment(path: string, commentId: string, frame = 0): void {
  if (frame === 0) scrollToFile(path);
  const card = document.getElementById(`comment-${commentId}`);
  const box = scroller();
  if (card && card.getClientRects().length > 0) {
    card.scrollIntoView({ block: "center" });
    card.focus({ preventScroll: true });
  } else if (box && frame < maxFrames) {
    // Only what is near the window is drawn: go on downwards until the line is.
    if (frame > 2) box.scrollTop += box.clientHeight / 2;
    requestAnimationFrame(() => scrollToComment(path, commentId, frame + 1));
  }
}
