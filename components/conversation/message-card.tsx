"use client";
import { Pencil, Undo2 } from "lucide-react";
import { useState } from "react";
import { PlainText } from "@/components/transcript/plain-text";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorNote } from "@/components/ui/error-note";
import { submitOnModEnter } from "@/components/ui/submit-on-mod-enter";
import { Textarea } from "@/components/ui/textarea";
import type { MessageView } from "@/server/domain/conversation";
import { MessageReceipt, SaidBy } from "./message-receipt";
import type { Messages } from "./use-messages";

/** A message that is on its way: while it is queued it may be changed or taken back. */
export function MessageCard({
  message,
  mayChange,
  messages: { edit, withdraw },
}: {
  message: MessageView;
  mayChange: boolean;
  messages: Messages;
}) {
  const [isEditing, setIsEditing] = useState(false);
  const isSending = message.id.startsWith("sending:");
  const isChangeable = mayChange && message.state === "queued" && !isSending;
  const failure = [edit, withdraw].find(
    ({ error, variables }) => error && variables?.messageId === message.id,
  );
  return (
    <li className="flex flex-col gap-1 border-l-2 pl-3" data-message={message.state}>
      <div className="flex min-h-6 flex-wrap items-center gap-x-2 text-xs text-quiet">
        <span className="font-medium">
          <SaidBy message={message} />
        </span>
        {isSending ? <span>Sending…</span> : <MessageReceipt message={message} />}
        <span className="ml-auto flex">
          {isChangeable && !isEditing && (
            <>
              <Button
                size="small-icon"
                look="quiet"
                aria-label="Edit the message"
                title="Edit"
                onClick={() => setIsEditing(true)}
              >
                <Pencil aria-hidden className="size-3.5" />
              </Button>
              <Button
                size="small-icon"
                look="quiet"
                aria-label="Withdraw the message"
                title="Withdraw"
                onClick={() => withdraw.mutate({ messageId: message.id })}
              >
                <Undo2 aria-hidden className="size-3.5" />
              </Button>
            </>
          )}
          <CopyButton text={message.text} what="the message" />
        </span>
      </div>
      {isEditing && isChangeable ? (
        <EditForm
          text={message.text}
          onSave={(text) => {
            edit.mutate({ messageId: message.id, text });
            setIsEditing(false);
          }}
          onBack={() => setIsEditing(false)}
        />
      ) : (
        <div className="max-h-24 overflow-y-auto">
          <PlainText text={message.text} />
        </div>
      )}
      {failure && <ErrorNote error={failure.error} />}
    </li>
  );
}

function EditForm({
  text,
  onSave,
  onBack,
}: {
  text: string;
  onSave: (text: string) => void;
  onBack: () => void;
}) {
  const [next, setNext] = useState(text);
  return (
    <form
      className="flex flex-col gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (next.trim()) onSave(next);
      }}
    >
      <Textarea
        autoFocus
        aria-label="The message"
        rows={2}
        className="field-sizing-content max-h-40"
        value={next}
        onChange={(event) => setNext(event.target.value)}
        onKeyDown={submitOnModEnter}
      />
      <div className="flex gap-2">
        <Button type="submit" size="small" look="primary" disabled={!next.trim()}>
          Save
        </Button>
        <Button size="small" look="quiet" onClick={onBack}>
          Back
        </Button>
      </div>
    </form>
  );
}
