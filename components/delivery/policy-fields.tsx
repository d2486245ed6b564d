"use client";
import { useState } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type DeliveryPolicy, mergeMethods } from "@/server/domain/delivery";
import { deliveryWords } from "@/server/domain/delivery-words";

const kindWords = {
  none: "Nothing: persons deliver",
  push: "Push the branch",
  merge: "Merge",
  pull_request: "Pull request",
} as const;

/** What runs deliver by themselves; read back by `readPolicy`. `inherited` offers to say nothing of it. */
export function PolicyFields({
  policy,
  inherited,
  fields,
}: {
  policy: DeliveryPolicy | null | undefined;
  inherited: string | null;
  fields: Record<string, string>;
}) {
  const [kind, setKind] = useState<string>(policy?.kind ?? (inherited ? "" : "none"));
  const isActive = kind !== "" && kind !== "none";
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field label="Delivery" hint="At the end of a run, by itself." error={fields.delivery}>
        {(control) => (
          <Select
            {...control}
            name="deliveryKind"
            className="w-full"
            value={kind}
            onChange={(event) => setKind(event.target.value)}
          >
            {inherited && <option value="">{inherited}</option>}
            {Object.entries(kindWords).map(([name, word]) => (
              <option key={name} value={name}>
                {word}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {isActive && <ActiveFields kind={kind} policy={policy} />}
    </div>
  );
}

function ActiveFields({
  kind,
  policy,
}: {
  kind: string;
  policy: DeliveryPolicy | null | undefined;
}) {
  return (
    <>
      <Field label="When" hint="Work that nobody checked may break what it is delivered to.">
        {(control) => (
          <Select
            {...control}
            name="deliveryWhen"
            className="w-full"
            defaultValue={policy?.when ?? "verified"}
          >
            <option value="verified">Only when its checks vouch for it</option>
            <option value="success">Whenever the run succeeds</option>
          </Select>
        )}
      </Field>
      {kind === "merge" && (
        <Field label="Method">
          {(control) => (
            <Select
              {...control}
              name="deliveryMethod"
              className="w-full"
              defaultValue={policy?.method ?? "merge_commit"}
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
      <Field
        label={kind === "push" ? "Branch" : "Into"}
        hint={
          kind === "push"
            ? "Left empty, the run's own branch."
            : "Left empty, the repository's default branch."
        }
      >
        {(control) => (
          <Input
            {...control}
            name="deliveryTarget"
            className="font-mono"
            maxLength={200}
            defaultValue={policy?.target ?? ""}
          />
        )}
      </Field>
    </>
  );
}
