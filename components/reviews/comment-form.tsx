"use client";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { submitOnModEnter } from "@/components/ui/submit-on-mod-enter";
import { Textarea } from "@/components/ui/textarea";

const saveAfterMs = 400;
const maxFrames = 30;

/** Where a comment is written; what is in it is kept when it goes out of sight. */
export function CommentForm({
  place,
  initialBody,
  action,
  isBusy,
  error,
  onKeep,
  onSubmit,
  onCancel,
}: {
  /** What it is about, e.g. “lines 3–5 of a.ts”. */
  place: string;
  initialBody: string;
  action: string;
  isBusy: boolean;
  error: unknown;
  onKeep: (body: string) => void;
  onSubmit: (body: string) => void;
  onCancel: () => void;
}) {
  const [body, setBody] = useState(initialBody);
  useKeptLater(body, initialBody, onKeep);
  const form = useFocusWhenDrawn(initialBody === "");

  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape" && body.trim() === "") onCancel();
    else submitOnModEnter(event);
  };
  return (
    <form
      ref={form}
      aria-label={`Comment on ${place}`}
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && body.trim()) onSubmit(body);
      }}
    >
      <Textarea
        aria-label="Comment"
        placeholder={`What should change in ${place}?`}
        rows={3}
        value={body}
        onChange={(event) => setBody(event.target.value)}
        onBlur={() => onKeep(body)}
        onKeyDown={press}
      />
      {error ? <ErrorNote error={error} /> : null}
      <footer className="flex justify-end gap-2">
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="small" type="submit" look="primary" disabled={isBusy || !body.trim()}>
          {isBusy ? "One moment…" : action}
        </Button>
      </footer>
    </form>
  );
}

/** Keeps what is written a moment after the last key. */
function useKeptLater(body: string, initialBody: string, onKeep: (body: string) => void): void {
  const kept = useRef({ body: initialBody, onKeep });
  kept.current.onKeep = onKeep;

  useEffect(() => {
    if (body === kept.current.body) return;
    const keep = () => {
      kept.current.body = body;
      kept.current.onKeep(body);
    };
    const timer = setTimeout(keep, saveAfterMs);
    return () => clearTimeout(timer);
  }, [body]);
}

/** Its line is drawn a few frames later; what is not drawn takes no focus. */
function useFocusWhenDrawn(isWanted: boolean) {
  const form = useRef<HTMLFormElement>(null);
  const isNew = useRef(isWanted);
  useEffect(() => {
    let frames = isNew.current ? maxFrames : 0;
    let next = requestAnimationFrame(function focus() {
      const field = form.current?.querySelector("textarea");
      if (frames === 0 || !field || field === document.activeElement) return;
      field.focus();
      frames -= 1;
      next = requestAnimationFrame(focus);
    });
    return () => cancelAnimationFrame(next);
  }, []);
  return form;
}
