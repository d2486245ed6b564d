import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attempts, outputChunks, runs } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertAttempt, insertRun } from "@/db/testing-rows";
import type { AttemptId } from "@/server/domain/ids";
import { readOutput } from "./read-output";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

type Input = Parameters<typeof readOutput>[1];

async function collect(input: Input): Promise<{ text: string; totalBytes: number; parts: number }> {
  const output = await readOutput(database.db, input);
  const parts: Uint8Array[] = [];
  for await (const part of output.bytes) parts.push(part);
  return {
    text: Buffer.concat(parts).toString(),
    totalBytes: output.totalBytes,
    parts: parts.length,
  };
}

/** Stores `text` in chunks of these sizes, over and over. */
async function store(attemptId: AttemptId, text: string, sizes: number[]): Promise<void> {
  const bytes = Buffer.from(text);
  let offset = 0;
  for (let index = 0; offset < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    const part = bytes.subarray(offset, offset + size);
    await database.db
      .insert(outputChunks)
      .values({ attemptId, stream: "output", offset, bytes: part });
    offset += part.length;
  }
  await database.db
    .update(attempts)
    .set({ outputBytes: bytes.length })
    .where(eq(attempts.id, attemptId));
}

async function runWithOutput(text: string, sizes: number[]) {
  const made = await insertRun(database.db, { status: "running" });
  if (!made.attempt) throw new Error("a running run has an attempt");
  await store(made.attempt.id, text, sizes);
  return { ...made, attempt: made.attempt };
}

test("gives any byte range, whatever the chunks are", async () => {
  const text = Array.from({ length: 40 }, (_, line) => `line ${line} of the output\n`).join("");
  const { run } = await runWithOutput(text, [1, 7, 64, 3]);
  const ranges = [
    [0, undefined],
    [0, 1],
    [1, 9],
    [8, 8],
    [100, 500],
    [text.length - 1, undefined],
    [text.length, undefined],
    [text.length + 50, undefined],
    [10, text.length + 50],
  ] as const;
  for (const [from, to] of ranges) {
    const read = await collect({ id: run.id, from, to });
    expect(read.text, `${from}..${to}`).toBe(text.slice(from, to));
    expect(read.totalBytes).toBe(text.length);
  }
});

test("hands the bytes out in chunks and never holds the whole", async () => {
  const { run } = await runWithOutput("x".repeat(5000), [100]);
  const output = await readOutput(database.db, { id: run.id });
  for await (const part of output.bytes) expect(part.length).toBeLessThanOrEqual(100);
  expect((await collect({ id: run.id })).parts).toBe(50);
});

test("gives the latest attempt's output, and an earlier one's when it is asked for", async () => {
  const { run, attempt } = await runWithOutput("first", [5]);
  const second = await insertAttempt(database.db, {
    runId: run.id,
    workerId: attempt.workerId,
    number: 2,
  });
  await store(second.id, "second", [6]);
  await database.db.update(runs).set({ attemptNumber: 2 }).where(eq(runs.id, run.id));
  expect((await collect({ id: run.id })).text).toBe("second");
  expect((await collect({ id: run.id, attempt: 1 })).text).toBe("first");
  expect(await collect({ id: run.id, stream: "stderr" })).toMatchObject({
    text: "",
    totalBytes: 0,
  });
  await expect(readOutput(database.db, { id: run.id, attempt: 3 })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("is empty for a run that has not begun", async () => {
  const { run } = await insertRun(database.db);
  expect(await collect({ id: run.id })).toEqual({ text: "", totalBytes: 0, parts: 0 });
});

test("names a hole instead of giving other bytes in its place", async () => {
  const { run, attempt } = await runWithOutput("abcdefghij", [5]);
  await database.db.delete(outputChunks).where(eq(outputChunks.attemptId, attempt.id));
  await expect(collect({ id: run.id })).rejects.toThrow("has a hole at byte 0");
});
