"use client";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { focusComposer } from "@/components/conversation/focus-composer";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { useMember } from "./member";

const sheet: [keys: string[], what: string][] = [
  [["/"], "Find a run (also ⌘K or Ctrl K)"],
  [["n"], "New run"],
  [["j"], "Next row of a list, or file of a diff"],
  [["k"], "Row or file before"],
  [["v"], "In a diff: mark the file as viewed"],
  [["c"], "In a diff: comment on the file's first change"],
  [["Enter"], "Open the row"],
  [["m"], "Write a message to the agent"],
  [["q"], "Go to what the agent asks"],
  [["a"], "There: allow (s: in this session, d: deny)"],
  [["f"], "In the activity: next error (e: next edit)"],
  [["g", "o"], "Go to the overview"],
  [["g", "r"], "Go to the runs"],
  [["g", "w"], "Go to the workspaces"],
  [["Esc"], "Close, or leave the field"],
  [["?"], "This sheet"],
];
const places: Record<string, string> = { o: "/", r: "/runs", w: "/workspaces" };

/** The keys that work on every page, and the sheet that tells them. */
export function Shortcuts() {
  const router = useRouter();
  const { mayOperate } = useMember();
  const [isSheetOpen, setIsSheetOpen] = useState(false);

  useEffect(() => {
    let before = "";
    const press = (event: KeyboardEvent) => {
      const isFind = event.key === "/" || (event.key === "k" && (event.metaKey || event.ctrlKey));
      if (event.key === "k" && isFind) return focusSearchBox(event);
      if (event.metaKey || event.ctrlKey || event.altKey || isTaken(event)) return;
      const place = before === "g" ? places[event.key] : undefined;
      before = event.key;
      if (place) router.push(place);
      else if (isFind) focusSearchBox(event);
      else if (event.key === "n" && mayOperate) {
        event.preventDefault();
        router.push("/runs/new");
      } else if (event.key === "?") setIsSheetOpen(true);
      else if (event.key === "m" || event.key === "q") {
        event.preventDefault();
        if (event.key === "m") focusComposer();
        else focusQuestion();
      } else if (event.key === "j") focusRow(1);
      else if (event.key === "k") focusRow(-1);
      else if (event.key === "Escape") (document.activeElement as HTMLElement | null)?.blur();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [router, mayOperate]);

  return (
    <Dialog
      title="Keys"
      isOpen={isSheetOpen}
      onClose={() => setIsSheetOpen(false)}
      width="max-w-sm"
    >
      <dl className="grid grid-cols-[5rem_1fr] items-center gap-y-2">
        {sheet.map(([keys, what]) => (
          <div key={what} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** A key belongs to the field or the dialog that has the focus. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return (
    target.isContentEditable ||
    target.closest("input, textarea, select, dialog, [popover], [role=tablist]") !== null ||
    document.querySelector("dialog[open]") !== null
  );
}

function focusSearchBox(event: KeyboardEvent) {
  event.preventDefault();
  document.querySelector<HTMLInputElement>("[data-search-box]")?.focus();
}

function focusQuestion() {
  const question = document.querySelector<HTMLElement>('[data-question="open"]');
  if (!question) document.getElementById("tab-activity")?.click();
  question?.focus();
  question?.scrollIntoView({ block: "nearest" });
}

function focusRow(step: 1 | -1) {
  const rows = [...document.querySelectorAll<HTMLElement>("main .row-link")];
  const at = rows.findIndex((row) => row.closest("tr, li")?.contains(document.activeElement));
  const next = at === -1 ? rows[step === 1 ? 0 : rows.length - 1] : rows[at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
