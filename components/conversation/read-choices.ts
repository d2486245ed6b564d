export interface Choice {
  /** The question in the agent's own words. */
  question: string;
  header: string | null;
  isMultiple: boolean;
  options: { label: string; description: string | null }[];
}

/** The questions with ready answers that a tool's input carries, as AskUserQuestion's does; else empty. */
export function readChoices(input: unknown): Choice[] {
  const { questions } = fieldsOf(input);
  if (!Array.isArray(questions)) return [];
  return questions.flatMap((each: unknown) => {
    const { question, header, options, multiSelect } = fieldsOf(each);
    if (typeof question !== "string") return [];
    return [
      {
        question,
        header: typeof header === "string" ? header : null,
        isMultiple: multiSelect === true,
        options: Array.isArray(options) ? options.flatMap(readOption) : [],
      },
    ];
  });
}

function readOption(option: unknown): Choice["options"] {
  if (typeof option === "string") return [{ label: option, description: null }];
  const { label, description } = fieldsOf(option);
  if (typeof label !== "string") return [];
  return [{ label, description: typeof description === "string" ? description : null }];
}

/** The answer as words: the chosen labels, each after its question when there are several. */
export function wordAnswers(choices: Choice[], answers: string[][]): string {
  const worded = answers.map((labels) => labels.filter((label) => label.trim()).join(", "));
  if (choices.length <= 1) return worded[0] ?? "";
  return choices
    .map(({ header, question }, at) => `${header ?? question}: ${worded[at] ?? ""}`)
    .join("\n");
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
