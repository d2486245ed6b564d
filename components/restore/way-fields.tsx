"use client";
import { clsx } from "clsx";
import type { RestoreWay } from "@/server/domain/restore";

export type RestoreChoice = RestoreWay | "patch";

const ways: [RestoreChoice, string, string][] = [
  ["workspace", "A new workspace", "With a session of its own, in which runs can go on."],
  ["branch", "A branch", "In Coppice's mirror. New runs can start from it."],
  ["patch", "A patch file", "From the run's base on, byte for byte, for “git apply”."],
];

export function WayFields({
  way,
  onChange,
}: {
  way: RestoreChoice;
  onChange: (way: RestoreChoice) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">As</legend>
      {ways.map(([name, label, what]) => (
        <label
          key={name}
          className={clsx(
            "flex cursor-pointer items-start gap-2 rounded-md border px-3 py-2",
            name === way ? "border-ink" : "border-edge hover:bg-hover",
          )}
        >
          <input
            type="radio"
            name="way"
            className="mt-1"
            value={name}
            checked={name === way}
            onChange={() => onChange(name)}
          />
          <span className="min-w-0">
            <span className="block text-sm">{label}</span>
            <span className="block text-xs text-quiet">{what}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
