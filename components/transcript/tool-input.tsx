"use client";
import { useState } from "react";
import { type Choice, readChoices } from "@/components/conversation/read-choices";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { formatInput } from "./describe-tool";
import { DiffView } from "./diff-view";
import { readEdits } from "./read-edits";
import { readTodos } from "./read-todos";
import { TodoList } from "./todo-list";

/** What a tool is asked to do: a change as a diff, a list as steps, a command as it is, else JSON. */
export function ToolInput({ name, input }: { name: string; input: unknown }) {
  const edits = readEdits(input);
  if (edits) return edits.map((edit) => <DiffView key={edit.path} edit={edit} />);
  const todos = readTodos(name, input);
  if (todos) return <TodoList todos={todos} />;
  const choices = readChoices(input);
  if (choices.length > 0) return <ChoiceList choices={choices} />;
  const { note, text } = formatInput(input);
  return (
    <>
      {note && <p className="text-xs text-quiet">{note}</p>}
      <InputText text={text} />
    </>
  );
}

/** The agent's questions with the answers it offers. */
function ChoiceList({ choices }: { choices: Choice[] }) {
  return (
    <dl className="my-1">
      {choices.map(({ question, options }) => (
        <div key={question}>
          <dt>{question}</dt>
          <dd className="text-quiet">{options.map(({ label }) => label).join(" · ")}</dd>
        </div>
      ))}
    </dl>
  );
}

const shownLines = 40;
const shownCharacters = 6_000;

function InputText({ text }: { text: string }) {
  const [isWhole, setIsWhole] = useState(false);
  if (text === "" || text === "null") return <p className="text-xs text-faint">(no input)</p>;
  const short = text.split("\n").slice(0, shownLines).join("\n").slice(0, shownCharacters);
  const isCut = !isWhole && short.length < text.length;
  return (
    <div className="relative my-1 rounded-sm border bg-sunken">
      <ScrollRegion label="Input" className="max-h-64 overflow-auto">
        <pre className="px-2 py-1.5 pr-9 font-mono text-xs break-words whitespace-pre-wrap">
          {isCut ? short : text}
        </pre>
      </ScrollRegion>
      <span className="absolute top-0.5 right-0.5 bg-sunken">
        <CopyButton text={text} what="the input" />
      </span>
      {isCut && (
        <Button size="small" look="quiet" onClick={() => setIsWhole(true)}>
          Show all of it ({text.length.toLocaleString("en")} characters)
        </Button>
      )}
    </div>
  );
}
