"use client";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { X } from "lucide-react";
import { useTRPC } from "@/components/live/trpc";
import { tones } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { NameFilter, TextFilter } from "@/components/ui/filter-fields";
import type { RunStatus } from "@/server/domain/run-status";
import { hasFilter, type RunFilters } from "./run-filters";
import { statusDress, statusesInOrder } from "./run-status";

type Change = (filters: Partial<RunFilters> | null) => unknown;

export function RunFilterBar({ filters, onChange }: { filters: RunFilters; onChange: Change }) {
  const trpc = useTRPC();
  const workflows = useQuery(trpc.workflows.list.queryOptions({}));
  const repositories = useQuery(trpc.repositories.list.queryOptions({}));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere
    <div role="group" aria-label="Filters" className="border-b">
      <StatusFilter selected={filters.status} onChange={(status) => onChange({ status })} />
      <div className="flex flex-wrap items-center gap-2 px-4 pb-2">
        <TextFilter
          label="Text in the message"
          text={filters.q}
          onChange={(q) => onChange({ q })}
        />
        <NameFilter
          label="Workflow"
          all="All workflows"
          names={workflows.data?.items.map((workflow) => workflow.name) ?? []}
          selected={filters.workflow}
          onChange={(workflow) => onChange({ workflow })}
        />
        <NameFilter
          label="Repository"
          all="All repositories"
          names={repositories.data?.items.map((repository) => repository.name) ?? []}
          selected={filters.repository}
          onChange={(repository) => onChange({ repository })}
        />
        {hasFilter(filters) && (
          <Button look="quiet" size="small" onClick={() => onChange(null)}>
            <X aria-hidden className="size-3.5" />
            Clear
          </Button>
        )}
      </div>
    </div>
  );
}

function StatusFilter({
  selected,
  onChange,
}: {
  selected: RunStatus[];
  onChange: (status: RunStatus[]) => void;
}) {
  const trpc = useTRPC();
  const counts = useQuery(trpc.runs.counts.queryOptions());
  return (
    <div className="flex gap-1 overflow-x-auto px-4 py-2 [scrollbar-width:none]">
      {statusesInOrder.map((status) => {
        const { word, Icon, tone } = statusDress[status];
        const isOn = selected.includes(status);
        return (
          <button
            key={status}
            type="button"
            aria-pressed={isOn}
            onClick={() =>
              onChange(isOn ? selected.filter((one) => one !== status) : [...selected, status])
            }
            className={clsx(
              "flex h-7 shrink-0 items-center gap-1.5 rounded-md border px-2 text-xs",
              isOn ? "border-ink bg-hover" : "border-line text-quiet hover:bg-hover",
            )}
          >
            <Icon aria-hidden className={clsx("size-3.5", tones[tone])} />
            {word}
            <span className="min-w-3 text-right text-faint">
              {counts.data?.byStatus[status] ?? ""}
            </span>
          </button>
        );
      })}
    </div>
  );
}
