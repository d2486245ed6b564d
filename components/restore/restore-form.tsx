"use client";
import { type FormEvent, useState } from "react";
import { readError } from "@/components/live/read-error";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { Point } from "./list-points";
import type { useRestore } from "./use-restore";
import { type RestoreChoice, WayFields } from "./way-fields";

export function RestoreForm({
  points,
  chosen,
  restore,
  onClose,
}: {
  points: Point[];
  chosen: string | null;
  restore: ReturnType<typeof useRestore>;
  onClose: () => void;
}) {
  const [at, setAt] = useState(chosen ?? points[0]?.sha ?? "");
  const [way, setWay] = useState<RestoreChoice>("workspace");
  const [branch, setBranch] = useState("");
  const error = restore.errorOf(way);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!restore.isBusy) restore.submit(at, way, branch);
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field label="At">
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={at}
            onChange={(event) => setAt(event.target.value)}
          >
            {points.map(({ sha, label }) => (
              <option key={sha} value={sha}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <WayFields way={way} onChange={setWay} />
      {way !== "patch" && (
        <Field
          label="Branch"
          hint={way === "workspace" ? "Left empty, it gets a name of its own." : undefined}
          error={error ? readError(error).fields.branch : undefined}
        >
          {(control) => (
            <Input
              {...control}
              className="font-mono"
              required={way === "branch"}
              maxLength={200}
              value={branch}
              onChange={(event) => setBranch(event.target.value)}
            />
          )}
        </Field>
      )}
      {error ? <ErrorNote error={error} /> : null}
      <footer className="flex items-center justify-end gap-2">
        {restore.hasPatch && (
          <span role="status" className="mr-auto text-xs text-quiet">
            The download begins.
          </span>
        )}
        <Button onClick={onClose}>Close</Button>
        <Button type="submit" look="primary" disabled={restore.isBusy || at === ""}>
          {restore.isBusy ? "One moment…" : way === "patch" ? "Download" : "Restore"}
        </Button>
      </footer>
    </form>
  );
}
