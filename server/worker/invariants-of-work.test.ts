import { createHash, randomUUID } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { outputChunks, outputTrims, snapshots } from "@/db/schema";
import { hashTree } from "@/server/doctor/hash-tree";
import { mirrorPath } from "@/server/workspaces/layout";
import { type JudgedTrial, openJudgedTrial } from "./testing-invariants";

let site: JudgedTrial;
beforeAll(async () => {
  site = await openJudgedTrial();
});
afterAll(() => site?.end());
beforeEach(async () => {
  expect(await site.judge()).toEqual([]);
});

it("finds nothing to say of a sound system, nor of a covered secret or a trimmed middle", async () => {
  const [chunk] = await site.db.select().from(outputChunks);
  if (!chunk) throw new Error("no output");
  const covered = Buffer.from(chunk.bytes);
  covered.fill("*", 10, 20);
  const put = (bytes: Buffer) =>
    site.db.update(outputChunks).set({ bytes }).where(eq(outputChunks.attemptId, site.attempt.id));
  await put(covered);
  expect(await site.judge()).toEqual([]);
  await put(chunk.bytes);
  await site.db.delete(outputChunks);
  await site.db.insert(outputTrims).values({
    ...{
      attemptId: site.attempt.id,
      stream: "output" as const,
      reason: "too_old" as const,
      keptBytes: 0,
    },
    ...{ fromByte: 0, toByte: chunk.bytes.length, at: new Date() },
  });
  expect(await site.judge()).toEqual([]);
  await site.db.delete(outputTrims);
  await site.db.insert(outputChunks).values(chunk);
});

it("I1: misses a file that is neither in the workspace nor in a commit", async () => {
  const folder = site.run.workspacePath ?? "";
  const file = path.join(folder, "unsaved.txt");
  writeFileSync(file, "nobody captured this");
  const trees = [{ runId: site.run.id, files: await hashTree(folder) }];
  expect(Object.keys(trees[0]?.files ?? {})).toContain("mine");
  expect(await site.judge({ trees })).toEqual([]);
  rmSync(file);
  expect(await site.judge({ trees })).toEqual([
    {
      invariant: "I1",
      subject: `#${site.run.number}`,
      what: "unsaved.txt is neither in the workspace nor in git",
    },
  ]);
  rmSync(path.join(folder, "mine"));
  expect((await site.judge({ trees })).map(({ what }) => what)).toHaveLength(1);
  writeFileSync(path.join(folder, "mine"), "a\n");
});

describe("I6", () => {
  const put = (set: Partial<typeof outputChunks.$inferInsert>) =>
    site.db.update(outputChunks).set(set).where(eq(outputChunks.attemptId, site.attempt.id));

  it("sees a changed, a moved and a missing piece of the output", async () => {
    const [chunk] = await site.db.select().from(outputChunks);
    if (!chunk) throw new Error("no output");
    const changed = Buffer.from(chunk.bytes);
    changed[7] = "x".charCodeAt(0);
    await put({ bytes: changed });
    expect(await site.ofKind("I6")).toEqual([
      expect.stringContaining("differs from the spool at byte 7"),
    ]);
    await put({ bytes: chunk.bytes, offset: 5 });
    expect(await site.ofKind("I6")).toContainEqual(expect.stringContaining("where 0 was due"));
    await site.db.delete(outputChunks);
    expect(await site.ofKind("I6")).toContainEqual(expect.stringContaining("ends at 0"));
    await site.db.insert(outputChunks).values(chunk);
  });

  it("sees output that the spool has and the database has not", async () => {
    const spool = path.join(site.attempt.controlPath, "output");
    appendFileSync(spool, "more");
    expect(await site.ofKind("I6")).toEqual([expect.stringContaining("and the spool has")]);
    truncateSync(spool, site.attempt.outputBytes);
  });
});

it("I7: sees a run whose agent ran without a branch on record", async () => {
  await site.force(sql`update runs set branch = null where id = ${site.run.id}`);
  expect(await site.judge()).toEqual([
    expect.objectContaining({ invariant: "I7", what: "its agent ran, and it lacks a branch" }),
  ]);
  await site.force(sql`update runs set branch = ${site.run.branch} where id = ${site.run.id}`);
});

describe("I9", () => {
  const objectOf = (sha: string) =>
    path.join(
      mirrorPath(site.home, site.run.repositoryId),
      "objects",
      sha.slice(0, 2),
      sha.slice(2),
    );

  it("sees a recorded commit that is gone, and what git's own walk finds missing", async () => {
    const [snapshot] = await site.db.select().from(snapshots);
    if (!snapshot) throw new Error("no snapshot");
    renameSync(objectOf(snapshot.sha), `${objectOf(snapshot.sha)}.away`);
    const found = await site.ofKind("I9");
    expect(found).toContainEqual(expect.stringContaining(`${snapshot.sha}, recorded as`));
    expect(found).toContainEqual(expect.stringContaining("git fsck says"));
    renameSync(`${objectOf(snapshot.sha)}.away`, objectOf(snapshot.sha));
    const blob = createHash("sha1").update("blob 2\0b\n").digest("hex");
    renameSync(objectOf(blob), `${objectOf(blob)}.away`);
    expect(await site.ofKind("I9")).toEqual([expect.stringContaining("missing blob")]);
    renameSync(`${objectOf(blob)}.away`, objectOf(blob));
  });

  it("sees a recorded commit under no ref", async () => {
    const refs = path.join(mirrorPath(site.home, site.run.repositoryId), "refs");
    renameSync(path.join(refs, "coppice"), path.join(refs, "../away-coppice"));
    renameSync(path.join(refs, "heads"), path.join(refs, "../away-heads"));
    mkdirSync(path.join(refs, "heads"));
    const found = await site.ofKind("I9");
    expect(found).toContainEqual(expect.stringContaining("is under no ref"));
    rmSync(path.join(refs, "heads"), { recursive: true });
    renameSync(path.join(refs, "../away-heads"), path.join(refs, "heads"));
    renameSync(path.join(refs, "../away-coppice"), path.join(refs, "coppice"));
  });
});

it("I12: sees half-made and unknown folders, and a ready workspace without its folder", async () => {
  const folder = site.run.workspacePath ?? "";
  const half = `${folder}.new-${randomUUID()}`;
  mkdirSync(half);
  expect(await site.judge()).toEqual([
    { invariant: "I12", subject: half, what: "it was never finished" },
  ]);
  renameSync(half, path.join(path.dirname(folder), "strange"));
  expect(await site.ofKind("I12")).toEqual(["no row knows this folder"]);
  rmSync(path.join(path.dirname(folder), "strange"), { recursive: true });
  renameSync(folder, path.join(site.home, "away"));
  expect(await site.ofKind("I12")).toEqual([expect.stringContaining("is gone")]);
  renameSync(path.join(site.home, "away"), folder);
});
