import { expect, it } from "vitest";
import { noFilters, readFilters, toListInput, writeFilters } from "./run-filters";

it("reads from an address the filters that were written to it", () => {
  const filters = {
    status: ["running" as const, "failed" as const],
    workflow: "fix-issue",
    repository: "a&b=c",
    createdBy: "member:Ada Lovelace",
    q: "100% of #4",
  };
  expect(readFilters(new URL(writeFilters(filters), "http://host").searchParams)).toEqual(filters);
});

it("leaves out what is no status", () => {
  expect(readFilters(new URLSearchParams("status=failed,nonsense,,")).status).toEqual(["failed"]);
});

it("asks the API for nothing that was not chosen", () => {
  expect(toListInput(noFilters)).toEqual({ limit: 50 });
  expect(writeFilters(noFilters)).toBe("/runs");
});
