import { renameSync } from "node:fs";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { workEntries } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertWorker } from "@/db/testing-rows";
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

test("enters a run's commits with the transaction that records them", async () => {
  const { shas, run } = await trial.ranWith({ "x.txt": "1" }, { "x.txt": "2" });
  expect(await trial.entries()).toMatchObject([
    {
      runId: run.id,
      sha: shas[0],
      title: `Change 1 of run ${run.number}`,
      author: "Ada",
      origin: "agent",
      whereabouts: "only_here",
      lookedAt: null,
      workerId: trial.worker.id,
      repositoryId: trial.repository.id,
    },
    { sha: shas[1] },
  ]);
});

test("follows work that is pushed, then merged, then deleted at the origin", async () => {
  const { shas, session } = await trial.ranWith({ "x.txt": "1" });
  await trial.look();
  expect(await trial.entryOf(shas[0])).toMatchObject({
    whereabouts: "only_here",
    mergedBy: null,
    lookedAt: expect.any(Date),
  });
  trial.push(session.branch);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("pushed");
  trial.origin("merge", "-q", "--no-ff", "-m", "Merge it", session.branch);
  await trial.look();
  expect(await trial.entryOf(shas[0])).toMatchObject({
    whereabouts: "merged",
    mergedBy: "history",
  });
  trial.origin("branch", "-q", "-D", session.branch);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("merged");
});

test("sees work come back to this host when the origin's only branch of it is deleted", async () => {
  const { shas, session } = await trial.ranWith({ "x.txt": "1" });
  trial.push(session.branch);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("pushed");
  trial.origin("branch", "-q", "-D", session.branch);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("only_here");
});

test("counts a tag of the origin as pushed, until it is deleted there", async () => {
  const { shas, session } = await trial.ranWith({ "x.txt": "1" });
  trial.push(session.branch, "for-a-tag");
  trial.origin("tag", "-a", "v1", "-m", "v1", "for-a-tag");
  trial.origin("branch", "-q", "-D", "for-a-tag");
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("pushed");
  trial.origin("tag", "-d", "v1");
  runGit(trial.mirror, "update-ref", "-d", `refs/heads/${session.branch}`);
  await trial.look();
  // The mirror still has the tag that the origin deleted.
  expect(await trial.whereIs(shas[0])).toBe("only_here");
});

test("sees a force-push take work off the origin again, down to its keep ref", async () => {
  const { shas, session } = await trial.ranWith({ "x.txt": "1" });
  trial.push(session.branch);
  await trial.look();
  trial.origin("branch", "-q", "-f", session.branch, "main");
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("only_here");
  runGit(trial.mirror, "update-ref", "-d", `refs/heads/${session.branch}`);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("in_keep_ref");
});

test("looks for merged work again when the default branch was rewritten", async () => {
  const { shas, session } = await trial.ranWith({ "x.txt": "1" });
  trial.push(session.branch);
  trial.origin("merge", "-q", session.branch);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("merged");
  trial.origin("reset", "-q", "--hard", trial.at.base);
  trial.origin("branch", "-q", "-D", session.branch);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("only_here");
});

test("takes a cherry-pick and a squash for merged, and names the commit that has them", async () => {
  const single = await trial.ranWith({ "one.txt": "1\n" });
  const several = await trial.ranWith(
    { "two.txt": "1\n" },
    { "two.txt": "1\n2\n", "three.txt": "3" },
  );
  const other = await trial.ranWith({ "four.txt": "4\n" });
  await trial.look();
  runGit(trial.at.origin, "fetch", "-q", trial.mirror, "refs/heads/*:refs/work/*");
  commitAll(trial.at.origin, "Something else");
  trial.origin("cherry-pick", "-x", `refs/work/${single.session.branch}`);
  const picked = trial.origin("rev-parse", "HEAD");
  trial.origin("merge", "-q", "--squash", `refs/work/${several.session.branch}`);
  const squashed = commitAll(trial.at.origin, "Squashed");
  await trial.look();
  expect(await trial.entryOf(single.shas[0])).toMatchObject({
    whereabouts: "merged",
    mergedBy: "same_patch",
    mergedAs: picked,
  });
  for (const sha of several.shas) {
    expect(await trial.entryOf(sha)).toMatchObject({
      whereabouts: "merged",
      mergedBy: "squash",
      mergedAs: squashed,
    });
  }
  expect(await trial.whereIs(other.shas[0])).toBe("only_here");
});

test("does not take a change of other white space, place or bytes for the same", async () => {
  const indented = await trial.ranWith({ "a.py": "if x:\n  a()\nb()\n" });
  const binary = await trial.ranWith({ "a.bin": "\0one" });
  const empty = await trial.makeRun([]);
  runGit(empty.folder, "commit", "-q", "--allow-empty", "-m", "Nothing");
  await trial.record(empty);
  writeTree(trial.at.origin, { "a.py": "if x:\n  a()\n  b()\n" });
  commitAll(trial.at.origin, "Indented otherwise");
  writeTree(trial.at.origin, { "a.bin": "\0two" });
  commitAll(trial.at.origin, "Other bytes");
  commitAll(trial.at.origin, "Empty");
  await trial.look();
  expect(await trial.whereIs(indented.shas[0])).toBe("only_here");
  expect(await trial.whereIs(binary.shas[0])).toBe("only_here");
  expect((await trial.entries()).filter(({ whereabouts }) => whereabouts === "merged")).toEqual([]);
});

test("gives a commit that no ref holds a keep ref, and calls it gone only by an operator's word", async () => {
  const { shas, session, run } = await trial.ranWith({ "x.txt": "1" });
  const dropRefs = () => {
    const names = runGit(trial.mirror, "for-each-ref", "--format=%(refname)", "refs/coppice");
    for (const name of [...names.split("\n").filter(Boolean), `refs/heads/${session.branch}`]) {
      runGit(trial.mirror, "update-ref", "-d", name);
    }
  };
  dropRefs();
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("in_keep_ref");
  expect(runGit(trial.mirror, "for-each-ref", "--contains", `${shas[0]}`)).toContain(run.id);
  await trial.db
    .update(workEntries)
    .set({ letGoBy: "member:Ada", letGoAt: new Date(), letGoWhy: "An experiment." })
    .where(eq(workEntries.runId, run.id));
  dropRefs();
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("gone");
});

test("raises an alarm for a commit that the mirror does not have, until it is there again", async () => {
  const { shas } = await trial.ranWith({ "x.txt": "1" });
  renameSync(trial.mirror, `${trial.mirror}.away`);
  runGit(trial.at.root, "clone", "-q", "--mirror", trial.at.origin, trial.mirror);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("missing");
  expect(trial.log.join()).toMatch(/1 recorded commits are missing from the mirror/);
  runGit(trial.mirror, "fetch", "-q", `${trial.mirror}.away`, "+refs/coppice/*:refs/coppice/*");
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("in_keep_ref");
});

test("says unknown and changes nothing while the mirror is away", async () => {
  const { shas } = await trial.ranWith({ "x.txt": "1" });
  await trial.look();
  const before = await trial.entries();
  renameSync(trial.mirror, `${trial.mirror}.away`);
  const first = new Date("2027-01-01T00:00:00Z");
  await trial.look({ now: first });
  await trial.look({ now: new Date("2027-01-01T00:10:00Z") });
  expect(await trial.entries()).toEqual(before);
  expect(await trial.lookRow()).toMatchObject({
    unknownSince: first,
    problem: expect.stringMatching(/mirror/),
  });
  renameSync(`${trial.mirror}.away`, trial.mirror);
  await trial.look();
  expect(await trial.lookRow()).toMatchObject({ unknownSince: null, problem: null });
  expect(await trial.whereIs(shas[0])).toBe("only_here");
});

test("tells what the mirror knows while the origin is away, as of when it was seen last", async () => {
  const { shas, session } = await trial.ranWith({ "x.txt": "1" });
  trial.push(session.branch, "kept");
  trial.push(session.branch, "short-lived");
  await trial.look();
  trial.origin("branch", "-q", "-D", "short-lived");
  await trial.look();
  const seen = (await trial.lookRow())?.originSeenAt;
  renameSync(trial.at.origin, `${trial.at.origin}.away`);
  await trial.look({ now: new Date("2027-01-01T00:00:00Z") });
  expect(await trial.lookRow()).toMatchObject({
    originSeenAt: seen,
    staleRefs: ["refs/remotes/origin/short-lived"],
    unknownSince: new Date("2027-01-01T00:00:00Z"),
    problem: expect.any(String),
  });
  expect(await trial.whereIs(shas[0])).toBe("pushed");
});

test("changes nothing when it looks twice, and writes no row again", async () => {
  const { session } = await trial.ranWith({ "x.txt": "1" }, { "x.txt": "2" });
  trial.push(session.branch);
  await trial.look();
  const versions = async () =>
    (await trial.db.execute(`select id, xmin::text, whereabouts from work_entries order by id`))
      .rows;
  const before = await versions();
  await trial.look();
  expect(await versions()).toEqual(before);
});

test("looks soon at what is new, later at what is open, and rarely once all is merged", async () => {
  const { session, shas } = await trial.ranWith({ "x.txt": "1" });
  const start = Date.now();
  const after = (seconds: number) => new Date(start + seconds * 1000);
  const triedAt = async () => (await trial.lookRow())?.triedAt.getTime();
  await trial.look({ isForced: false, now: after(0) });
  expect(await triedAt()).toBe(start);
  await trial.look({ isForced: false, now: after(200) });
  expect(await triedAt()).toBe(start);
  await trial.look({ isForced: false, now: after(301) });
  expect(await triedAt()).toBe(start + 301_000);
  trial.push(session.branch, "main-to-be");
  trial.origin("merge", "-q", "main-to-be");
  await trial.look({ isForced: false, now: after(700) });
  expect(await trial.whereIs(shas[0])).toBe("merged");
  await trial.look({ isForced: false, now: after(1400) });
  expect(await triedAt()).toBe(start + 700_000);
  const next = await trial.ranWith({ "y.txt": "1" });
  await trial.look({ isForced: false, now: after(1401) });
  expect(await trial.entryOf(next.shas[0])).toMatchObject({ lookedAt: after(1401) });
});

test("leaves alone what another worker's mirror holds", async () => {
  const { shas } = await trial.ranWith({ "x.txt": "1" });
  const other = await insertWorker(trial.db);
  await trial.db
    .update(workEntries)
    .set({ workerId: other.id })
    .where(eq(workEntries.sha, shas[0] ?? trial.at.base));
  await trial.look();
  expect(await trial.entryOf(shas[0])).toMatchObject({ lookedAt: null });
});

test("counts a copy of our own refs at the origin as pushed, also while the origin is away", async () => {
  const { shas, run } = await trial.ranWith({ "x.txt": "1" });
  const ref = `refs/coppice/runs/${run.id}/head`;
  runGit(trial.mirror, "push", "-q", trial.at.origin, `${ref}:${ref}`);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("pushed");
  renameSync(trial.at.origin, `${trial.at.origin}.away`);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("pushed");
  renameSync(`${trial.at.origin}.away`, trial.at.origin);
  trial.origin("update-ref", "-d", ref);
  await trial.look();
  expect(await trial.whereIs(shas[0])).toBe("only_here");
});
