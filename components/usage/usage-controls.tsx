"use client";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type UsageGroup, usageGroups } from "@/server/domain/usage-report";
import { lastDays, type UsageFilters } from "./usage-filters";

const ranges = [7, 30, 90];

export function UsageControls({
  filters,
  now,
  onChange,
}: {
  filters: UsageFilters;
  now: Date;
  onChange: (wish: Partial<UsageFilters>) => void;
}) {
  return (
    <>
      <Select
        aria-label="Added up by"
        className="w-36"
        value={filters.by}
        onChange={({ target }) => onChange({ by: target.value as UsageGroup })}
      >
        {usageGroups.map((group) => (
          <option key={group} value={group}>
            By {group}
          </option>
        ))}
      </Select>
      <DayInput label="First day" value={filters.since} onChange={(since) => onChange({ since })} />
      <DayInput label="Last day" value={filters.until} onChange={(until) => onChange({ until })} />
      {ranges.map((days) => {
        const range = lastDays(days, now);
        const isShown = range.since === filters.since && range.until === filters.until;
        return (
          <Button key={days} size="small" aria-pressed={isShown} onClick={() => onChange(range)}>
            {days} days
          </Button>
        );
      })}
    </>
  );
}

function DayInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (day: string) => void;
}) {
  return (
    <Input
      aria-label={label}
      type="date"
      className="w-36"
      required
      value={value}
      onChange={({ target }) => target.value && onChange(target.value)}
    />
  );
}
