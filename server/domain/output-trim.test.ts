import { expect, test } from "vitest";
import { findDue } from "./find-due";
import {
  findHole,
  readTrimHeader,
  splitKept,
  writeTrimHeader,
  writeTrimMarker,
} from "./output-trim";

const pieces = Array.from({ length: 10 }, (_, index) => ({ at: index * 100, bytes: 100 }));

test("cuts whole pieces between the beginning and the end that stay", () => {
  expect(findHole(pieces, { head: 150, tail: 250 })).toEqual({
    ...{ first: 200, last: 600, pieces: 5, bytes: 500 },
  });
});

test("cuts nothing when what stays is all there is", () => {
  expect(findHole(pieces, { head: 500, tail: 500 })).toBeNull();
  expect(findHole(pieces, { head: 5000, tail: 0 })).toBeNull();
  expect(findHole([], { head: 0, tail: 0 })).toBeNull();
  expect(findHole(pieces, { head: 0, tail: 0 })).toMatchObject({ bytes: 1000 });
});

test("keeps more of the end than of the beginning, and no byte is left over", () => {
  expect(splitKept(1001)).toEqual({ head: 250, tail: 751 });
});

test("tells how much went, when and why, and comes back from a header", () => {
  const trim = { from: 10, to: 30, at: "2026-01-02T03:04:05.000Z", reason: "too_old" } as const;
  const marker = writeTrimMarker(trim);
  expect(marker).toMatch(/20 bytes.*10 to 30.*2026-01-02.*longer ago/);
  expect(readTrimHeader(writeTrimHeader(trim))).toEqual(trim);
  for (const broken of [null, "", "{", "null", '{"from":1}', '{"from":1,"to":2,"reason":"x"}']) {
    expect(readTrimHeader(broken)).toBeNull();
  }
});

test("finds the newest moment at which a daily duty was due", () => {
  const due = (now: string) => findDue("03:30", new Date(now)).toISOString();
  expect(due("2026-03-01T03:30:00Z")).toBe("2026-03-01T03:30:00.000Z");
  expect(due("2026-03-01T03:29:59Z")).toBe("2026-02-28T03:30:00.000Z");
  expect(due("2026-03-01T23:59:59Z")).toBe("2026-03-01T03:30:00.000Z");
});
