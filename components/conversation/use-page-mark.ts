"use client";
import { usePathname } from "next/navigation";
import { useEffect } from "react";

/** Marks the tab while something waits for a person: a number before its title, a dot on its icon. */
export function usePageMark(count: number): void {
  const pathname = usePathname();
  useEffect(() => {
    const mark = () => {
      const title = markTitle(document.title, count);
      if (title !== document.title) document.title = title;
    };
    mark();
    // A page sets its own title when it comes, which may be later than this.
    const observer = new MutationObserver(mark);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [count]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page may bring its icon anew
  useEffect(() => markIcon(count > 0), [count > 0, pathname]);
}

/** “Runs · Coppice” as “(2) Runs · Coppice”; without anything waiting as it was. */
export function markTitle(title: string, count: number): string {
  const bare = title.replace(/^\(\d+\) /, "");
  return count > 0 ? `(${count}) ${bare}` : bare;
}

function markIcon(isWaiting: boolean): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel~="icon"]')) {
    const plain = link.dataset.plain ?? link.getAttribute("href") ?? "";
    link.dataset.plain = plain;
    const wanted = isWaiting ? "/icon-waiting.svg" : plain;
    if (link.getAttribute("href") !== wanted) link.setAttribute("href", wanted);
  }
}
