import { expect, it } from "vitest";
import { linkOfGroup, readUsageFilters, writeUsageFilters } from "./usage-filters";

const now = new Date("2026-03-01T12:00:00Z");
const read = (query: string) => readUsageFilters(new URLSearchParams(query), now);

it("shows the last thirty days by workflow where the address says nothing or nonsense", () => {
  const usual = { by: "workflow", since: "2026-01-31", until: "2026-03-01" };
  expect(read("")).toEqual(usual);
  expect(read("by=colour&since=yesterday&until=2026-99-99")).toEqual(usual);
});

it("reads back what it writes, and turns a range that is turned round", () => {
  const filters = { by: "model", since: "2026-01-01", until: "2026-01-31" } as const;
  expect(read(writeUsageFilters(filters).split("?")[1] ?? "")).toEqual(filters);
  expect(read("since=2026-02-02&until=2026-01-01")).toMatchObject({
    since: "2026-01-01",
    until: "2026-02-02",
  });
});

it("links a group to its runs where their list can show them", () => {
  expect(linkOfGroup("person", "member:Ada B")).toBe("/runs?createdBy=member%3AAda+B");
  expect(linkOfGroup("session", "s1")).toBe("/sessions/s1");
  expect(linkOfGroup("model", "opus")).toBeNull();
  expect(linkOfGroup("workflow", null)).toBeNull();
});
