import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patchChunks, patches } from "@/db/schema";
import { insertRun, insertWorker, randomSha } from "@/db/testing-rows";
import { makeRequest, openTestDoor, type TestDoor } from "../testing";
import { answerPatch } from "./answer-patch";

let opened: TestDoor;
beforeAll(async () => {
  opened = await openTestDoor();
});
afterAll(() => opened.database.drop());

/** A run whose patch its host has made already, in pieces. */
async function insertPatch(pieces: Buffer[]) {
  const { db } = opened.database;
  const headCommit = randomSha();
  const { run } = await insertRun(db, { status: "succeeded", headCommit });
  const id = randomUUID();
  const fromSha = run.baseCommit ?? headCommit;
  const range = { repositoryId: run.repositoryId, fromSha, toSha: headCommit };
  const bytes = Buffer.concat(pieces).length;
  await db.insert(patches).values({ id, ...range, bytes, usedAt: new Date() });
  const chunks = pieces.map((piece, position) => ({ patchId: id, position, bytes: piece }));
  await db.insert(patchChunks).values(chunks);
  return run;
}

const read = (id: string, query = "", token = opened.tokens.operator) =>
  answerPatch(opened.door, makeRequest(`/api/v1/runs/${id}/patch${query}`, { token }), id);

test("hands a patch out byte for byte, to operators only, as a file", async () => {
  const pieces = [Buffer.from("diff --git\0"), Buffer.from([255, 0, 13, 10])];
  const run = await insertPatch(pieces);
  const response = await read(run.id);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.concat(pieces));
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "content-length": "15",
    "content-disposition": `attachment; filename="run-${run.number}-${run.headCommit?.slice(0, 10)}.patch"`,
    "x-content-type-options": "nosniff",
  });
  expect((await read(run.id, "", opened.tokens.viewer)).status).toBe(403);
  expect((await read(run.id, "", "cop_no")).status).toBe(401);
});

test("says what is wrong with the point that is asked for, and that a host is away", async () => {
  const run = await insertPatch([Buffer.from("x")]);
  expect((await read(run.id, "?at=nonsense")).status).toBe(400);
  expect((await read(run.id, "?at=5")).status).toBe(404);
  expect((await read(run.id, `?at=${"0".repeat(40)}`)).status).toBe(404);
  expect((await read(randomUUID())).status).toBe(404);
  const queued = await insertRun(opened.database.db);
  expect((await read(queued.run.id)).status).toBe(422);
  const gone = await insertWorker(opened.database.db, { stoppedAt: new Date() });
  const away = await insertRun(opened.database.db, {
    ...{ status: "succeeded", workerId: gone.id, headCommit: randomSha() },
  });
  expect((await read(away.run.id)).status).toBe(503);
});

test("breaks off rather than hand out a patch with a hole", async () => {
  const run = await insertPatch([Buffer.from("one"), Buffer.from("two")]);
  await opened.database.db.delete(patchChunks);
  const response = await read(run.id);
  await expect(response.arrayBuffer()).rejects.toThrow(/no longer whole/);
});
