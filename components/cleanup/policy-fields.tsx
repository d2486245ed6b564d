import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { PolicyRules, RetentionRules } from "@/server/domain/retention";
import { describeRule, ignoredWords, ruleLabels } from "./describe-rule";

const mebibyte = 1024 ** 2;
type NumberField = "succeededDays" | "unsucceededDays" | "keepNewest" | "outputDays" | "spoolDays";
const numberFields: NumberField[] = [
  ...(["succeededDays", "unsucceededDays", "keepNewest", "outputDays", "spoolDays"] as const),
];

/** One field a rule; an empty one leaves the rule to the next policy, “never” lasts for ever. */
export function PolicyFields({
  rules,
  builtIn,
  onChange,
}: {
  rules: PolicyRules;
  builtIn: RetentionRules;
  onChange: (rules: PolicyRules) => void;
}) {
  const set = (field: keyof PolicyRules, value: unknown) => {
    const { [field]: _, ...others } = rules;
    onChange(value === undefined ? others : ({ ...others, [field]: value } as PolicyRules));
  };
  const hint = (field: keyof RetentionRules) =>
    rules[field] === undefined ? `Not said; built in: ${describeRule(field, builtIn)}.` : undefined;
  return (
    <div className="grid gap-3 md:grid-cols-2">
      {numberFields.map((field) => (
        <Field
          key={field}
          label={`${ruleLabels[field]}${field === "keepNewest" ? "" : ", days"}`}
          hint={hint(field)}
        >
          {(control) => (
            <Input
              {...control}
              pattern={field === "keepNewest" ? "\\d{1,4}" : "\\d{1,4}|never"}
              placeholder={field === "keepNewest" ? "" : "days, or never"}
              value={String(rules[field] ?? "")}
              onChange={(event) => set(field, readNumber(event.target.value))}
            />
          )}
        </Field>
      ))}
      <Field label={`${ruleLabels.maxOutputBytes}, MiB`} hint={hint("maxOutputBytes")}>
        {(control) => (
          <Input
            {...control}
            pattern="\d{1,6}|never"
            placeholder="MiB, or never"
            value={writeMebibytes(rules.maxOutputBytes)}
            onChange={(event) => {
              const value = readNumber(event.target.value);
              set("maxOutputBytes", typeof value === "number" ? value * mebibyte : value);
            }}
          />
        )}
      </Field>
      <ChoiceFields rules={rules} hint={hint} set={set} />
    </div>
  );
}

/** Rules that are chosen, not typed. */
function ChoiceFields({
  rules,
  hint,
  set,
}: {
  rules: PolicyRules;
  hint: (field: keyof RetentionRules) => string | undefined;
  set: (field: keyof PolicyRules, value: unknown) => void;
}) {
  return (
    <>
      <Field label={ruleLabels.ignored} hint={hint("ignored")}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={rules.ignored ?? ""}
            onChange={(event) => set("ignored", event.target.value || undefined)}
          >
            <option value="">not said</option>
            {Object.entries(ignoredWords).map(([choice, word]) => (
              <option key={choice} value={choice}>
                {word}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={ruleLabels.removesPersistent} hint={hint("removesPersistent")}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={rules.removesPersistent === undefined ? "" : String(rules.removesPersistent)}
            onChange={(event) =>
              set(
                "removesPersistent",
                event.target.value ? event.target.value === "true" : undefined,
              )
            }
          >
            <option value="">not said</option>
            <option value="false">never removed</option>
            <option value="true">removed like others</option>
          </Select>
        )}
      </Field>
    </>
  );
}

/** What is half typed stays as it is; the server says what it cannot read. */
function readNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function writeMebibytes(value: PolicyRules["maxOutputBytes"]): string {
  return typeof value === "number" ? String(value / mebibyte) : (value ?? "");
}
