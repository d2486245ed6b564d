"use client";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { submitOnModEnter } from "@/components/ui/submit-on-mod-enter";
import { Textarea } from "@/components/ui/textarea";

/** An answer in words: a reason, or what the agent asked for. */
export function WordsForm({
  label,
  hint,
  action,
  isDanger = false,
  isBusy,
  isOptional = false,
  onSend,
  onBack,
  children,
}: {
  label: string;
  hint?: string;
  action: string;
  isDanger?: boolean;
  isBusy: boolean;
  isOptional?: boolean;
  onSend: (text: string) => void;
  /** Given where the form stands in place of other buttons; it then takes the focus. */
  onBack?: () => void;
  children?: ReactNode;
}) {
  const [text, setText] = useState("");
  const isReady = isOptional || text.trim() !== "";
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && isReady) onSend(text);
      }}
    >
      <Field label={label} hint={hint}>
        {(control) => (
          <Textarea
            {...control}
            autoFocus={onBack !== undefined}
            rows={2}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={submitOnModEnter}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          type="submit"
          size="small"
          className="max-md:h-9"
          look={isDanger ? "danger" : "primary"}
          disabled={isBusy || !isReady}
        >
          {action}
        </Button>
        {onBack && (
          <Button size="small" className="max-md:h-9" look="quiet" onClick={onBack}>
            Back
          </Button>
        )}
        {children}
      </div>
    </form>
  );
}
