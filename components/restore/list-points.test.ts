import { expect, test } from "vitest";
import { listPoints } from "./list-points";

const sha = (digit: string) => digit.repeat(40);

test("offers the head first, then commits, snapshots and the base, each commit once", () => {
  const run = { workspace: { headCommit: sha("c"), baseCommit: sha("a") } };
  const points = listPoints(
    run as Parameters<typeof listPoints>[0],
    [
      { number: 1, sha: sha("c") },
      { number: 2, sha: sha("d") },
    ],
    [
      { sha: sha("c"), message: "Keep what was left" },
      { sha: sha("b"), message: "Work\n\nbody" },
    ],
  );
  expect(points.map(({ label }) => label)).toEqual([
    "cccccccccc  the run's head",
    "bbbbbbbbbb  Work",
    "dddddddddd  snapshot 2",
    "aaaaaaaaaa  the base, before the run",
  ]);
});
