let isWanted = false;

/** Takes the keyboard to the message box; to one that is not drawn yet as soon as it is. */
export function focusComposer(): void {
  const box = document.querySelector<HTMLTextAreaElement>("[data-composer]");
  const tab = box ? null : document.getElementById("tab-activity");
  isWanted = tab !== null;
  box?.focus();
  tab?.click();
}

/** Whether the focus was asked for before the box was there; asks once. */
export function takeFocusWish(): boolean {
  const was = isWanted;
  isWanted = false;
  return was;
}
