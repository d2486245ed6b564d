import { memo, type ReactNode } from "react";

/**
 * An agent's text as it is, never as HTML: line breaks stay, and what stands between backticks or
 * fences is set in mono.
 */
export const PlainText = memo(function PlainText({ text }: { text: string }) {
  return (
    <div className="max-w-prose break-words">
      {text.split(/^```[^\n]*\n?/m).map((part, index) =>
        index % 2 === 1 ? (
          <pre
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
            key={index}
            className="my-1 overflow-x-auto rounded-sm border bg-sunken px-2 py-1.5 font-mono text-xs"
          >
            {part.trimEnd()}
          </pre>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
          <p key={index} className="whitespace-pre-wrap empty:hidden">
            {setInlineCode(part.replace(/^\n+|\n+$/g, ""))}
          </p>
        ),
      )}
    </div>
  );
});

function setInlineCode(text: string): ReactNode[] {
  return text.split(/`([^`\n]+)`/).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
      <code key={index} className="rounded-sm bg-hover px-1 font-mono text-xs">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
