import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { workers } from "@/db/schema";
import { insertAttempt, insertRun, insertSession } from "@/db/testing-rows";
import { replayMoves } from "@/server/doctor/invariants/check-events";
import { type JudgedTrial, openJudgedTrial } from "./testing-invariants";

let site: JudgedTrial;
beforeAll(async () => {
  site = await openJudgedTrial();
});
afterAll(() => site?.end());
beforeEach(async () => {
  expect(await site.judge()).toEqual([]);
});

it("I2 and I4: sees two living trees of a run, and what outlives its end", async () => {
  const second = await insertAttempt(site.db, {
    runId: site.run.id,
    workerId: site.worker.id,
    number: 2,
  });
  const alive = [site.attempt.id, second.id].map((id) => site.startMarked(site.run.id, id));
  const found = await site.judge();
  expect(found.map(({ invariant }) => invariant)).toEqual(["I2", "I4", "I4"]);
  expect(found[1]?.what).toContain(`process ${alive[0]?.pid}`);
  alive[1]?.kill("SIGKILL");
  await site.force(sql`delete from attempts where id = ${second.id}`);
  expect((await site.judge()).map(({ invariant }) => invariant)).toEqual(["I4"]);
  alive[0]?.kill("SIGKILL");
});

it("I4: sees a process that works in the home for nobody", async () => {
  const stranger = site.startMarked(randomUUID(), randomUUID());
  expect(await site.judge()).toEqual([expect.objectContaining({ invariant: "I4" })]);
  stranger.kill("SIGKILL");
});

describe("I3", () => {
  it("sees a gap in the numbers of a run's events", async () => {
    await site.force(sql`update run_events set seq = seq + 1 where run_id = ${site.run.id} and seq = (
      select max(seq) from run_events where run_id = ${site.run.id})`);
    expect(await site.ofKind("I3")).toHaveLength(1);
    await site.force(sql`update run_events set seq = seq - 1 where run_id = ${site.run.id} and seq = (
      select max(seq) from run_events where run_id = ${site.run.id})`);
  });

  it("sees a row that stands elsewhere than its events say", async () => {
    const put = (status: string) =>
      site.force(sql`update runs set status = ${status}, verdict = null where id = ${site.run.id}`);
    await put("failed");
    expect(await site.judge()).toEqual([
      expect.objectContaining({ what: "its events end at succeeded, its row at failed" }),
    ]);
    await put("succeeded");
  });

  it("sees a move that the table does not have, and one after the end", () => {
    expect(replayMoves([], "queued")).toHaveLength(1);
    const legal = [
      { from: null, to: "queued" as const },
      { from: "queued" as const, to: "failed" as const },
    ];
    expect(replayMoves(legal, "failed")).toEqual([]);
    const after = [...legal, { from: "failed" as const, to: "queued" as const }];
    expect(replayMoves(after, "queued")).toHaveLength(1);
    const untold = [...legal.slice(0, 1), { from: "preparing" as const, to: "failed" as const }];
    expect(replayMoves(untold, "failed")).toHaveLength(1);
  });
});

describe("I5, I11 and I12: the queue", () => {
  it("sees a held run whose worker is away, and one for whose job nobody beats", async () => {
    const held = await site.insertHeldRun();
    await site.send(held.run.id, held.workspace.id);
    expect(await site.ofKind("I5")).toEqual([expect.stringContaining("its worker is away")]);
    await site.revive();
    expect(await site.ofKind("I5")).toEqual([expect.stringContaining("nobody beats for its job")]);
    expect(await site.judge({ graceSeconds: 3600 })).not.toContainEqual(
      expect.objectContaining({ invariant: "I5" }),
    );
    await site.remove(held.run.id);
  });

  it("sees a held run without a job, and a job without a run", async () => {
    const held = await site.insertHeldRun();
    await site.revive();
    expect(await site.ofKind("I12")).toEqual([
      expect.stringContaining("no job of it is in the queue"),
    ]);
    await site.send(held.run.id, held.workspace.id);
    expect(await site.ofKind("I12")).toEqual([expect.stringContaining("names another")]);
    await site.remove(held.run.id);
    await site.send(held.run.id, held.workspace.id);
    expect(await site.ofKind("I12")).toEqual([expect.stringContaining("does not exist")]);
    await site.remove(held.run.id);
  });

  it("sees a run that starves while a slot is free, and none that has a reason to wait", async () => {
    const session = await insertSession(site.db, { repositoryId: site.run.repositoryId });
    const queued = await insertRun(site.db, { in: session });
    await site.send(queued.run.id, queued.workspace.id);
    await site.tellStart(queued.run.id);
    expect(await site.ofKind("I11")).toEqual([]);
    await site.revive();
    expect(await site.ofKind("I11")).toEqual([expect.stringContaining("4 slots are free")]);
    await site.db.update(workers).set({ drainAskedAt: new Date(), drainAskedBy: "test" });
    expect(await site.ofKind("I11")).toEqual([]);
    await site.db.update(workers).set({ drainAskedAt: null, drainAskedBy: null, capacity: 0 });
    expect(await site.ofKind("I11")).toEqual([]);
    await site.remove(queued.run.id);
  });
});
