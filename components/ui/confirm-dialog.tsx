"use client";
import type { ReactNode } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorNote } from "./error-note";

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({
  title,
  action,
  isOpen,
  isBusy,
  error,
  onConfirm,
  onClose,
  children,
}: {
  title: string;
  action: string;
  isOpen: boolean;
  isBusy: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} width="max-w-md">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm();
        }}
      >
        {children}
        {error ? <ErrorNote error={error} /> : null}
        <footer className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="danger" disabled={isBusy}>
            {isBusy ? "One moment…" : action}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
