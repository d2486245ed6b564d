"use client";
import { CornerDownLeft } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Kbd } from "@/components/ui/kbd";
import { submitOnModEnter } from "@/components/ui/submit-on-mod-enter";
import { Textarea } from "@/components/ui/textarea";
import { takeFocusWish } from "./focus-composer";
import { useDraft } from "./use-draft";

/**
 * A message box that grows with its text, keeps it as a draft, and gets it back when sending fails.
 * `onSend` resolves to whether it was sent.
 */
export function Composer({
  label,
  draft,
  note,
  action,
  isBusy,
  error,
  onSend,
  children,
}: {
  label: string;
  /** Under which name the draft is kept. */
  draft: string;
  /** What becomes of the message. */
  note: ReactNode;
  action: string;
  isBusy: boolean;
  error: unknown;
  onSend: (text: string) => Promise<boolean>;
  /** Buttons besides. */
  children?: ReactNode;
}) {
  const [text, setText] = useDraft(draft);
  const box = useRef<HTMLTextAreaElement>(null);
  const noteId = useId();
  useEffect(() => {
    if (takeFocusWish()) box.current?.focus();
  }, []);
  const send = async () => {
    const sent = text;
    if (isBusy || !sent.trim()) return;
    setText("");
    if (!(await onSend(sent)) && !box.current?.value) setText(sent);
  };
  return (
    <form
      className="flex flex-col gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {error ? <ErrorNote error={error} /> : null}
      <div className="flex items-end gap-2">
        <Textarea
          ref={box}
          data-composer
          aria-label={label}
          aria-describedby={noteId}
          placeholder={label}
          rows={1}
          value={text}
          className="field-sizing-content max-h-48 min-h-8 min-w-0 flex-1 resize-none!"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={submitOnModEnter}
        />
        {children}
        <Button
          type="submit"
          look="primary"
          disabled={isBusy || !text.trim()}
          title="⌘Enter or Ctrl Enter"
        >
          <CornerDownLeft aria-hidden className="size-3.5" />
          {action}
        </Button>
      </div>
      <div className="flex items-center gap-3 text-xs text-faint">
        <p id={noteId}>{note}</p>
        <span className="ml-auto flex shrink-0 items-center gap-1 max-md:hidden">
          <Kbd>m</Kbd> to write, <Kbd>⌘</Kbd>
          <Kbd>Enter</Kbd> sends
        </span>
      </div>
    </form>
  );
}
