"use client";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { ShieldAlert, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTRPC } from "@/components/live/trpc";
import { tones } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { NameFilter, TextFilter } from "@/components/ui/filter-fields";
import { Select } from "@/components/ui/select";
import { whereaboutsDress, whereaboutsInOrder } from "./whereabouts-badge";
import { hasWorkFilter, type WorkFilters, workAges, workOrigins } from "./work-filters";

type Change = (filters: Partial<WorkFilters> | null) => unknown;

const originWords = {
  agent: "By an agent",
  snapshot: "Snapshots",
  merge: "Merges",
  leftover: "Leftovers",
} as const;
const ageWords = {
  0: "Of any age",
  24: "Older than a day",
  168: "Older than a week",
  720: "Older than 30 days",
} as const;

export function WorkFilterBar({ filters, onChange }: { filters: WorkFilters; onChange: Change }) {
  const trpc = useTRPC();
  const workflows = useQuery(trpc.workflows.list.queryOptions({}));
  const repositories = useQuery(trpc.repositories.list.queryOptions({}));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere
    <div role="group" aria-label="Filters" className="border-b">
      <WhereaboutsFilter filters={filters} onChange={onChange} />
      <div className="flex flex-wrap items-center gap-2 px-4 pb-2">
        <TextFilter
          label="Commit, subject or path"
          text={filters.q}
          onChange={(q) => onChange({ q })}
        />
        <NameFilter
          label="Repository"
          all="All repositories"
          names={repositories.data?.items.map((repository) => repository.name) ?? []}
          selected={filters.repository}
          onChange={(repository) => onChange({ repository })}
        />
        <NameFilter
          label="Workflow"
          all="All workflows"
          names={workflows.data?.items.map((workflow) => workflow.name) ?? []}
          selected={filters.workflow}
          onChange={(workflow) => onChange({ workflow })}
        />
        <Select
          aria-label="Made by"
          className="w-36"
          value={filters.origin}
          onChange={({ target }) => onChange({ origin: target.value as WorkFilters["origin"] })}
        >
          <option value="">By anybody</option>
          {workOrigins.map((origin) => (
            <option key={origin} value={origin}>
              {originWords[origin]}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Age"
          className="w-40"
          value={filters.minAgeHours}
          onChange={(event) => onChange({ minAgeHours: Number(event.target.value) })}
        >
          {workAges.map((hours) => (
            <option key={hours} value={hours}>
              {ageWords[hours]}
            </option>
          ))}
        </Select>
        {filters.run && <Chosen onDrop={() => onChange({ run: "" })}>run {filters.run}</Chosen>}
        {filters.session && (
          <Chosen onDrop={() => onChange({ session: "" })}>
            session {filters.session.slice(0, 8)}
          </Chosen>
        )}
        {hasWorkFilter(filters) && (
          <Button look="quiet" size="small" onClick={() => onChange(null)}>
            <X aria-hidden className="size-3.5" />
            Clear
          </Button>
        )}
      </div>
    </div>
  );
}

function WhereaboutsFilter({ filters, onChange }: { filters: WorkFilters; onChange: Change }) {
  const selected = filters.whereabouts;
  return (
    <div className="flex gap-1 overflow-x-auto px-4 py-2 [scrollbar-width:none]">
      <Toggle isOn={filters.atRisk} onPress={() => onChange({ atRisk: !filters.atRisk })}>
        <ShieldAlert aria-hidden className={clsx("size-3.5", tones.warn)} />
        at risk
      </Toggle>
      {whereaboutsInOrder.map((one) => {
        const { word, Icon, tone } = whereaboutsDress[one];
        const isOn = selected.includes(one);
        const next = isOn ? selected.filter((other) => other !== one) : [...selected, one];
        return (
          <Toggle key={one} isOn={isOn} onPress={() => onChange({ whereabouts: next })}>
            <Icon aria-hidden className={clsx("size-3.5", tones[tone])} />
            {word}
          </Toggle>
        );
      })}
    </div>
  );
}

function Toggle({
  isOn,
  onPress,
  children,
}: {
  isOn: boolean;
  onPress: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onPress}
      className={clsx(
        "flex h-7 shrink-0 items-center gap-1.5 rounded-md border px-2 text-xs",
        isOn ? "border-ink bg-hover" : "border-line text-quiet hover:bg-hover",
      )}
    >
      {children}
    </button>
  );
}

/** A filter that came with the address and has no field of its own. */
function Chosen({ onDrop, children }: { onDrop: () => void; children: ReactNode }) {
  return (
    <Button size="small" onClick={onDrop} title="Drop this filter">
      {children}
      <X aria-hidden className="size-3.5" />
    </Button>
  );
}
