import { expect, it } from "vitest";
import { decideRelocation, type RelocationFacts } from "./relocation";

const facts: RelocationFacts = {
  worker: "build-1",
  host: "alpha",
  repository: "shop",
  isOriginOnLostHost: false,
  neededWork: null,
  keepsAtOrigin: false,
};
const sha = "abcdef0123456789abcdef0123456789abcdef01";
const work = { sha, isFromOrigin: false, isAtOrigin: false };

it("moves a run that begins from what the origin has", () => {
  expect(decideRelocation(facts)).toEqual({ canMove: true });
  const base = { ...work, isFromOrigin: true };
  expect(decideRelocation({ ...facts, neededWork: base })).toEqual({ canMove: true });
});

it("moves a run whose session's work was pushed to the origin", () => {
  const pushed = { ...work, isAtOrigin: true };
  expect(decideRelocation({ ...facts, neededWork: pushed, keepsAtOrigin: true })).toEqual({
    canMove: true,
  });
});

it("waits for work that lies on the lost host alone, and names it", () => {
  expect(decideRelocation({ ...facts, neededWork: work })).toEqual({
    canMove: false,
    waitsFor:
      "It waits for the worker “build-1” on alpha: the session's work (abcdef012345) lies there alone, because shop does not keep its work at the origin.",
  });
  const late = decideRelocation({ ...facts, neededWork: work, keepsAtOrigin: true });
  expect(late).toMatchObject({ canMove: false, waitsFor: expect.stringContaining("not pushed") });
});

it("waits for a repository that is a folder of the lost host, whatever else is known", () => {
  const local = decideRelocation({ ...facts, isOriginOnLostHost: true });
  expect(local).toMatchObject({ canMove: false, waitsFor: expect.stringContaining("a folder of") });
});
