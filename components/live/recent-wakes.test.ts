import { describe, expect, it } from "vitest";
import type { Wake } from "@/server/domain/run-view";
import { createRecentWakes } from "./recent-wakes";

const event = (id: number) => ({ kind: "event", id, runId: "r" }) as Wake;

describe("the wakes that a tab remembers", () => {
  it("gives those after a position, and none where there was none", () => {
    const recent = createRecentWakes(10);
    recent.add([event(11), { kind: "output" } as Wake, event(12)]);
    expect(recent.after(10)?.map((wake) => wake.id)).toEqual([11, 12]);
    expect(recent.after(11)?.map((wake) => wake.id)).toEqual([12]);
    expect(recent.after(12)).toEqual([]);
  });

  it("says that it does not know what was before its beginning", () => {
    expect(createRecentWakes(10).after(9)).toBeNull();
  });

  it("says that it does not know what it dropped, and keeps the newest", () => {
    const recent = createRecentWakes(0);
    for (let id = 1; id <= 5000; id++) recent.add([event(id)]);
    expect(recent.after(10)).toBeNull();
    expect(recent.after(4990)?.map((wake) => wake.id)).toEqual(
      Array.from({ length: 10 }, (_, index) => 4991 + index),
    );
  });
});
