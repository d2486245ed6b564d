import { expect, it } from "vitest";
import {
  hasWorkFilter,
  noWorkFilters,
  readWorkFilters,
  toWorkInput,
  writeWorkFilters,
} from "./work-filters";

it("reads from an address the filters that were written to it", () => {
  const filters = {
    atRisk: true,
    whereabouts: ["only_here" as const, "missing" as const],
    origin: "leftover" as const,
    repository: "a&b=c",
    workflow: "fix-issue",
    run: "#42",
    session: "6a1f0000-0000-4000-8000-000000000000",
    minAgeHours: 168,
    q: "100% of #4",
    group: "repository" as const,
  };
  const address = writeWorkFilters(filters);
  expect(readWorkFilters(new URL(address, "http://host").searchParams)).toEqual(filters);
});

it("leaves out what is no filter", () => {
  const search = new URLSearchParams("where=missing,moon&origin=elf&age=5&group=colour&risk=yes");
  expect(readWorkFilters(search)).toEqual({ ...noWorkFilters, whereabouts: ["missing"] });
});

it("asks the API for nothing that was not chosen, and takes no grouping for a filter", () => {
  expect(toWorkInput(noWorkFilters)).toEqual({ group: "run", limit: 50 });
  expect(writeWorkFilters(noWorkFilters)).toBe("/work");
  expect(hasWorkFilter({ ...noWorkFilters, group: "repository" })).toBe(false);
  expect(hasWorkFilter({ ...noWorkFilters, atRisk: true })).toBe(true);
});
