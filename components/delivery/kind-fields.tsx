"use client";
import { clsx } from "clsx";
import { useId } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type AskedKind, type MergeMethod, mergeMethods } from "@/server/domain/delivery";
import { deliveryWords } from "@/server/domain/delivery-words";
import type { DeliveryChoice } from "./use-preview";

const kinds: [AskedKind, string, string][] = [
  ["push", "Push a branch", "The work, as it is, under a name at the origin."],
  ["merge", "Merge", "Into a branch of the origin, without a checkout."],
  ["pull_request", "Pull request", "The branch, offered for a merge on your forge."],
];

interface ChoiceFields {
  choice: DeliveryChoice;
  onChange: (choice: DeliveryChoice) => void;
}

/** How the work is delivered. */
export function KindFields({ choice, onChange }: ChoiceFields) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">How</legend>
      <div className="grid gap-1 md:grid-cols-3">
        {kinds.map(([kind, label, what]) => (
          <label
            key={kind}
            className={clsx(
              "flex cursor-pointer items-start gap-2 rounded-md border px-3 py-2",
              kind === choice.kind ? "border-ink" : "border-edge hover:bg-hover",
            )}
          >
            <input
              type="radio"
              name="delivery-kind"
              className="mt-1"
              checked={kind === choice.kind}
              onChange={() => {
                const method = kind === "merge" ? "merge_commit" : null;
                onChange({ kind, method, target: "" });
              }}
            />
            <span className="min-w-0">
              <span className="block text-sm">{label}</span>
              <span className="block text-xs text-quiet">{what}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Where it is delivered to, and of a merge its method. */
export function TargetFields({
  choice,
  branches,
  usualTarget,
  errors,
  onChange,
}: ChoiceFields & { branches: string[]; usualTarget: string; errors: Record<string, string> }) {
  const listId = useId();
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field
        label={choice.kind === "push" ? "Branch" : "Into"}
        hint={`Left empty, ${usualTarget}.`}
        error={errors.target}
      >
        {(control) => (
          <>
            <Input
              {...control}
              className="font-mono"
              list={listId}
              maxLength={200}
              placeholder={usualTarget}
              value={choice.target}
              onChange={(event) => onChange({ ...choice, target: event.target.value })}
            />
            <datalist id={listId}>
              {branches.map((branch) => (
                <option key={branch} value={branch} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      {choice.kind === "merge" && (
        <Field label="Method" error={errors.method}>
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={choice.method ?? "merge_commit"}
              onChange={(event) =>
                onChange({ ...choice, method: event.target.value as MergeMethod })
              }
            >
              {mergeMethods.map((method) => (
                <option key={method} value={method}>
                  {deliveryWords.methods[method]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </div>
  );
}
