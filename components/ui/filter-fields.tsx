"use client";
import { useEffect, useState } from "react";
import { useSettled } from "@/components/shell/use-settled";
import { Input } from "./input";
import { Select } from "./select";

/** A search field whose text becomes a filter once typing pauses. */
export function TextFilter({
  label,
  text,
  onChange,
}: {
  label: string;
  text: string;
  onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  const settled = useSettled(typed, 250);
  useEffect(() => setTyped(text), [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed changes the filter
  useEffect(() => {
    if (settled.trim() !== text) onChange(settled.trim());
  }, [settled]);
  return (
    <Input
      type="search"
      aria-label={label}
      placeholder={label}
      className="max-w-64"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

/** One of several names, or all of them. One that is unknown yet chosen is offered too. */
export function NameFilter({
  label,
  all,
  names,
  selected,
  onChange,
}: {
  label: string;
  all: string;
  names: string[];
  selected: string;
  onChange: (name: string) => void;
}) {
  const options = selected && !names.includes(selected) ? [selected, ...names] : names;
  return (
    <Select
      aria-label={label}
      className="w-40"
      value={selected}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{all}</option>
      {options.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}
