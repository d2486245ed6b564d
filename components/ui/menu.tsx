"use client";
import { clsx } from "clsx";
import Link from "next/link";
import {
  type KeyboardEvent,
  type ReactNode,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

/** A menu over the browser's popover: it closes on Esc and on a click beside it; arrows move in it. */
export function Menu({
  label,
  trigger,
  triggerClassName,
  children,
}: {
  label: string;
  trigger: ReactNode;
  triggerClassName?: string;
  children: ReactNode;
}) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);

  useLayoutEffect(() => {
    const at = button.current?.getBoundingClientRect();
    const box = panel.current;
    if (!isOpen || !at || !box) return;
    box.style.top = `${at.bottom + 4}px`;
    box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - box.offsetWidth - 8))}px`;
    items(box)[0]?.focus();
  }, [isOpen]);

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={label}
        title={label}
        className={triggerClassName}
      >
        {trigger}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        tabIndex={-1}
        onToggle={(event) => setIsOpen(event.newState === "open")}
        onKeyDown={moveFocus}
        onClick={() => panel.current?.hidePopover()}
        className="fixed min-w-44 rounded-md border border-edge bg-surface p-1 text-ink"
      >
        {isOpen && children}
      </div>
    </>
  );
}

const itemLook =
  "flex h-8 w-full items-center gap-2 rounded-sm px-2 text-left text-sm hover:bg-hover focus-visible:bg-hover";

export function MenuItem({
  onSelect,
  href,
  isChecked,
  children,
}: {
  onSelect?: () => void;
  href?: string;
  isChecked?: boolean;
  children: ReactNode;
}) {
  if (href) {
    return (
      <Link href={href} role="menuitem" className={itemLook}>
        {children}
      </Link>
    );
  }
  const button = { type: "button" as const, onClick: onSelect };
  if (isChecked === undefined) {
    return (
      <button role="menuitem" className={itemLook} {...button}>
        {children}
      </button>
    );
  }
  return (
    <button
      role="menuitemradio"
      aria-checked={isChecked}
      className={clsx(itemLook, isChecked && "font-medium")}
      {...button}
    >
      {children}
    </button>
  );
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = items(event.currentTarget);
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[(at + step + all.length) % all.length]?.focus();
}

function items(box: HTMLElement): HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}
