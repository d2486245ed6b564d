"use client";
import { type ReactNode, useState } from "react";
import { readError } from "@/components/live/read-error";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { submitOnModEnter } from "@/components/ui/submit-on-mod-enter";
import { Textarea } from "@/components/ui/textarea";

/** A message to an agent and the button that sends it; the text survives every error. */
export function MessageForm({
  initialMessage,
  action,
  isBusy,
  error,
  onSubmit,
  onClose,
  children,
}: {
  initialMessage: string;
  action: string;
  isBusy: boolean;
  error: unknown;
  onSubmit: (message: string) => void;
  onClose?: () => void;
  children?: ReactNode;
}) {
  const [message, setMessage] = useState(initialMessage);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && message.trim()) onSubmit(message);
      }}
    >
      <Field label="Message" error={error ? readError(error).fields.message : undefined}>
        {(control) => (
          <Textarea
            {...control}
            autoFocus
            rows={8}
            required
            value={message}
            onChange={(event) => setMessage(event.target.value)}
            onKeyDown={submitOnModEnter}
          />
        )}
      </Field>
      {children}
      {error ? <ErrorNote error={error} /> : null}
      <footer className="flex items-center justify-end gap-2">
        <span className="mr-auto flex items-center gap-1 text-xs text-faint max-md:hidden">
          <Kbd>⌘</Kbd>
          <Kbd>Enter</Kbd> sends
        </span>
        {onClose && <Button onClick={onClose}>Close</Button>}
        <Button type="submit" look="primary" disabled={isBusy || !message.trim()}>
          {isBusy ? "One moment…" : action}
        </Button>
      </footer>
    </form>
  );
}
