"use client";
import { clsx } from "clsx";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./button";

/** A modal over the browser's own `<dialog>`: it traps the focus, closes on Esc and gives focus back. */
export function Dialog({
  title,
  isOpen,
  onClose,
  width = "max-w-lg",
  children,
}: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  width?: string;
  children: ReactNode;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = box.current;
    if (isOpen && dialog && !dialog.open) dialog.showModal();
    if (!isOpen && dialog?.open) dialog.close();
  }, [isOpen]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a modal dialog by itself.
    <dialog
      ref={box}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={clsx(
        "m-auto w-[calc(100vw-2rem)] rounded-md border border-edge bg-surface p-0 text-ink",
        width,
      )}
    >
      {isOpen && (
        <div>
          <header className="flex items-center justify-between border-b py-2 pr-2 pl-4">
            <h2 id={titleId} className="text-base font-semibold">
              {title}
            </h2>
            <Button look="quiet" size="small-icon" aria-label="Close" onClick={onClose}>
              <X aria-hidden className="size-4" />
            </Button>
          </header>
          <div className="p-4">{children}</div>
        </div>
      )}
    </dialog>
  );
}
