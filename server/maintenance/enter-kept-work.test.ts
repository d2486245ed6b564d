import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { captureWorkspace } from "@/server/workspaces/capture-workspace";
import { collectCommits } from "@/server/workspaces/collect-commits";
import { commitAll, runGit, writeTree } from "@/server/workspaces/testing";
import { openWorkTrial, type WorkTrial } from "./testing-work";

let database: TestDatabase;
let trial: WorkTrial;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  trial = await openWorkTrial(database);
});
afterEach(() => trial.end());

test("enters stashes, other branches and what was reset away, which only keep refs hold", async () => {
  const made = await trial.makeRun([{ "x.txt": "1" }, { "x.txt": "2" }]);
  runGit(made.folder, "branch", "aside");
  runGit(made.folder, "reset", "-q", "--hard", "HEAD~1");
  writeTree(made.folder, { "a.txt": "hunter2" });
  runGit(made.folder, "stash", "-q", "-m", "hunter2");
  await trial.record(made);
  await trial.look();
  const entries = await trial.entries();
  expect(await trial.entryOf(made.shas[1])).toMatchObject({
    whereabouts: "in_keep_ref",
    origin: "agent",
    ref: `refs/coppice/keep/${made.run.id}/1/heads/aside`,
  });
  const stash = entries.find(({ ref }) => ref?.endsWith("/stash/0"));
  expect(stash).toMatchObject({ origin: "merge", whereabouts: "in_keep_ref" });
  expect(JSON.stringify(entries)).not.toContain("hunter2");
  // Nothing of the origin's own history is anybody's work.
  expect(entries.some(({ sha }) => sha === trial.at.base)).toBe(false);
});

test("enters what a killed worker had captured and never recorded", async () => {
  const made = await trial.makeRun([{ "x.txt": "1" }]);
  writeTree(made.folder, { "left.txt": "uncommitted" });
  await collectCommits(made.input);
  const captured = await captureWorkspace({
    ...made.capture,
    parent: made.shas[0] ?? trial.at.base,
  });
  // A first look comes from the work of any run.
  await trial.ranWith({ "y.txt": "1" });
  await trial.look();
  expect(await trial.entryOf(captured.sha ?? undefined)).toMatchObject({
    origin: "snapshot",
    whereabouts: "in_keep_ref",
  });
  expect(await trial.whereIs(made.shas[0])).toBe("in_keep_ref");
});

test("enters the newest heads of a repository inside a workspace, not its whole history", async () => {
  const made = await trial.ranWith({ "x.txt": "1" });
  const inner = `${trial.at.root}/inner`;
  runGit(trial.at.root, "init", "-q", "-b", "main", inner);
  const commits = Array.from({ length: 25 }, (_, index) => commitAll(inner, `Inner ${index}`));
  const tips = commits.slice(0, 23);
  runGit(trial.mirror, "fetch", "-q", inner, "main");
  for (const sha of tips) {
    runGit(trial.mirror, "update-ref", `refs/coppice/keep/${made.run.id}/1/nested/in/${sha}`, sha);
  }
  await trial.look();
  await trial.look();
  const entries = await trial.entries();
  expect(entries.filter(({ title }) => title.startsWith("Inner"))).toHaveLength(20);
});
