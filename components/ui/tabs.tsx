"use client";
import { clsx } from "clsx";
import type { KeyboardEvent, ReactNode } from "react";

export interface Tab<Name extends string> {
  name: Name;
  label: string;
  count?: number | null;
  /** Why the tab wants to be looked at; shown as a dot beside its name. */
  mark?: string | null;
}

/** A row of tabs with the arrow keys; the panel is the caller's, named by `tabPanelProps`. */
export function Tabs<Name extends string>({
  label,
  tabs,
  selected,
  onSelect,
  children,
}: {
  label: string;
  tabs: Tab<Name>[];
  selected: Name;
  onSelect: (name: Name) => void;
  children?: ReactNode;
}) {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = tabs.findIndex((tab) => tab.name === selected);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onSelect(next.name);
    document.getElementById(`tab-${next.name}`)?.focus();
  };
  return (
    <div className="flex min-w-0 items-stretch justify-between gap-2 border-b">
      <div
        role="tablist"
        aria-label={label}
        onKeyDown={move}
        className="flex min-w-0 overflow-x-auto [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <button
            key={tab.name}
            id={`tab-${tab.name}`}
            type="button"
            role="tab"
            aria-selected={tab.name === selected}
            aria-controls={`panel-${tab.name}`}
            tabIndex={tab.name === selected ? 0 : -1}
            onClick={() => onSelect(tab.name)}
            className={clsx(
              "flex h-9 shrink-0 items-center gap-1.5 border-b-2 px-3 text-sm -outline-offset-2",
              tab.name === selected
                ? "border-ink font-medium text-ink"
                : "border-transparent text-quiet hover:text-ink",
            )}
          >
            {tab.label}
            {tab.count != null && <span className="text-xs text-faint">{tab.count}</span>}
            {tab.mark && (
              <span title={tab.mark} className="size-1.5 rounded-full bg-warn">
                <span className="sr-only">{tab.mark}</span>
              </span>
            )}
          </button>
        ))}
      </div>
      {children}
    </div>
  );
}

export function tabPanelProps(name: string) {
  return { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}` } as const;
}
