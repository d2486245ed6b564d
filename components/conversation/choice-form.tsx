"use client";
import { clsx } from "clsx";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { submitOnModEnter } from "@/components/ui/submit-on-mod-enter";
import { type Choice, wordAnswers } from "./read-choices";

/** The agent's questions with its own choices; words of one's own are an answer too. */
export function ChoiceForm({
  choices,
  isBusy,
  onSend,
  children,
}: {
  choices: Choice[];
  isBusy: boolean;
  onSend: (text: string) => void;
  children: ReactNode;
}) {
  const [chosen, setChosen] = useState<string[][]>(() => choices.map(() => []));
  const [words, setWords] = useState<string[]>(() => choices.map(() => ""));
  const answers = choices.map((_, at) => [...(chosen[at] ?? []), words[at]?.trim() ?? ""]);
  const isComplete = answers.every((labels) => labels.some(Boolean));
  const choose = (at: number, label: string, isMultiple: boolean) =>
    setChosen(
      chosen.map((labels, index) => (index === at ? pick(labels, label, isMultiple) : labels)),
    );
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete && !isBusy) onSend(wordAnswers(choices, answers));
      }}
    >
      {choices.map((choice, at) => (
        <OneChoice
          key={choice.question}
          choice={choice}
          chosen={chosen[at] ?? []}
          words={words[at] ?? ""}
          onChoose={(label) => choose(at, label, choice.isMultiple)}
          onWords={(text) => setWords(words.map((other, index) => (index === at ? text : other)))}
        />
      ))}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          look="primary"
          size="small"
          className="max-md:h-9"
          disabled={isBusy || !isComplete}
        >
          Answer
        </Button>
        {children}
      </div>
    </form>
  );
}

function pick(labels: string[], label: string, isMultiple: boolean): string[] {
  if (labels.includes(label)) return labels.filter((other) => other !== label);
  return isMultiple ? [...labels, label] : [label];
}

function OneChoice({
  choice: { question, options, isMultiple },
  chosen,
  words,
  onChoose,
  onWords,
}: {
  choice: Choice;
  chosen: string[];
  words: string;
  onChoose: (label: string) => void;
  onWords: (text: string) => void;
}) {
  const told = options.filter(({ label }) => chosen.includes(label));
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1.5">
        {question} {isMultiple && <span className="text-xs text-faint">(any number)</span>}
      </legend>
      <div className="flex flex-wrap gap-1.5">
        {options.map(({ label, description }) => (
          <Button
            key={label}
            size="small"
            aria-pressed={chosen.includes(label)}
            title={description ?? undefined}
            className={clsx("max-md:h-9", chosen.includes(label) && "border-ink! bg-hover!")}
            onClick={() => onChoose(label)}
          >
            {label}
          </Button>
        ))}
      </div>
      {told.some(({ description }) => description) && (
        <p className="text-xs text-quiet">
          {told.flatMap(({ description }) => description ?? []).join(" ")}
        </p>
      )}
      <Input
        aria-label={`In your own words: ${question}`}
        placeholder="In your own words"
        value={words}
        className="h-7! max-w-prose"
        onKeyDown={submitOnModEnter}
        onChange={(event) => onWords(event.target.value)}
      />
    </fieldset>
  );
}
