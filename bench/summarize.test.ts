import { expect, it } from "vitest";
import { comparePairs, summarize } from "./summarize";

it("says median, least, second worst and number, whatever the order", () => {
  expect(summarize([9, 1, 5, 100, 3])).toEqual({ median: 5, min: 1, secondWorst: 9, n: 5 });
});

it("compares pair by pair, so that one disturbed pair does not decide", () => {
  const compared = comparePairs([10, 100, 20], [20, 110, 40]);
  expect(compared.ratio).toBe(2);
  expect(compared.ratioOfMinima).toBe(2);
  expect(compared.coppice.median / compared.floor.median).toBe(2);
});

it("takes the middle of the ratios, not the ratio of the middles", () => {
  expect(comparePairs([1, 2, 3], [9, 2, 3]).ratio).toBe(1);
});
