import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deliveries } from "@/db/schema";
import { deliverRun } from "@/server/delivery/deliver-run";
import { getDelivery } from "@/server/delivery/get-delivery";
import { listDeliveries } from "@/server/delivery/list-deliveries";
import { previewDelivery } from "@/server/delivery/preview-delivery";
import { previewUndo } from "@/server/delivery/preview-undo";
import { resolveConflict } from "@/server/delivery/resolve-conflict";
import { setDefaultDelivery } from "@/server/delivery/set-default-delivery";
import { undoDelivery } from "@/server/delivery/undo-delivery";
import type { CrashPoint } from "@/server/domain/crash-points";
import { runGit } from "@/server/workspaces/testing";
import type { TrialInstallation } from "../testing";
import { followPullRequests } from "./follow-pull-requests";
import { type DeliveryTrial, openDeliveryTrial } from "./testing-trial";

let site: DeliveryTrial;
let trial: TrialInstallation;
let origin: DeliveryTrial["origin"];
beforeAll(async () => {
  site = await openDeliveryTrial();
  ({ trial, origin } = site);
});
afterAll(() => site?.end());

const run = (...args: Parameters<DeliveryTrial["run"]>) => site.run(...args);
const deliver = (...args: Parameters<DeliveryTrial["deliver"]>) => site.deliver(...args);
const undo = async (id: string) => site.ended((await undoDelivery(trial.context(), { id })).id);
const ledgerSays = (...args: Parameters<DeliveryTrial["ledgerSays"]>) => site.ledgerSays(...args);
const mainOf = (one: DeliveryTrial["origin"]) => one.inBare("rev-parse", "main");

it("pushes a run's branch after a preview, says where the work is, and takes it back", async () => {
  const { id, headCommit, branch } = await run("p.txt pushed");
  const preview = await previewDelivery(trial.context(), { id, kind: "push" });
  expect(preview).toMatchObject({ outcome: "creates", target: branch, targetSha: null });
  expect(preview).toMatchObject({ commitCount: 1, files: [{ path: "p.txt", additions: 1 }] });
  const pushed = await deliver(id, { kind: "push", expectedSha: null, idempotencyKey: "one" });
  expect(pushed).toMatchObject({ state: "delivered", resultSha: headCommit, mayUndo: true });
  expect((await deliver(id, { kind: "push", idempotencyKey: "one" })).id).toBe(pushed.id);
  expect(origin.inBare("rev-parse", branch ?? "")).toBe(headCommit);
  expect(await ledgerSays(id, "pushed")).toEqual(["pushed"]);
  const taken = await previewUndo(trial.context(), { id: pushed.id });
  expect(taken).toMatchObject({
    outcome: "deletes",
    method: "delete_branch",
    targetSha: headCommit,
  });
  expect(await undo(pushed.id)).toMatchObject({ state: "delivered", undoOf: pushed.id });
  expect(origin.inBare("branch", "--list", branch ?? "")).toBe("");
  const { items } = await listDeliveries(trial.database.db, { id });
  expect(items[0]).toMatchObject({ state: "undone", undoneBy: "member:Tess", mayUndo: false });
  expect(await ledgerSays(id, "only_here")).toEqual(["only_here"]);
});

it("merges over a target that moved, but never over one that was shown elsewhere", async () => {
  const { id } = await run("m.txt merged");
  const before = mainOf(origin);
  const shown = await previewDelivery(trial.context(), { id, kind: "merge" });
  expect(shown).toMatchObject({ outcome: "updates", targetSha: before, behind: 0 });
  const byHand = origin.pushByHand("hand.txt", "by hand\n");
  const kept = runGit(origin.clone, "status", "--porcelain=2", "--branch");
  const stale = { kind: "merge" as const, expectedSha: before as never };
  expect(await deliver(id, stale)).toMatchObject({ state: "refused", tries: 0 });
  expect(mainOf(origin)).toBe(byHand);
  const forward = await deliver(id, { kind: "merge", method: "fast_forward" });
  expect(forward).toMatchObject({ state: "refused" });
  const merged = await deliver(id, { kind: "merge" });
  expect(merged).toMatchObject({ state: "delivered", oldSha: byHand });
  expect(mainOf(origin)).toBe(merged.resultSha);
  expect(origin.inBare("log", "-1", "--format=%P %(trailers:key=Coppice-Run,valueonly)")).toContain(
    id,
  );
  expect(origin.inBare("show", "main:hand.txt")).toBe("by hand");
  expect(runGit(origin.clone, "status", "--porcelain=2", "--branch")).toBe(kept);
  expect(await ledgerSays(id, "merged")).toEqual(["merged"]);
  expect(await deliver(id, { kind: "merge" })).toMatchObject({
    state: "delivered",
    mayUndo: false,
  });

  origin.pushByHand("later.txt", "later\n");
  const later = await previewUndo(trial.context(), { id: merged.id });
  expect(later).toMatchObject({ method: "revert", outcome: "updates" });
  expect(await undo(merged.id)).toMatchObject({ state: "delivered", method: "revert" });
  expect(origin.inBare("ls-tree", "--name-only", "main").split("\n")).toEqual(
    expect.not.arrayContaining(["m.txt"]),
  );
  expect(origin.inBare("show", "main:later.txt")).toBe("later");
});

it("names the files of a conflict and has the agent resolve it", async () => {
  const first = await run("a.txt theirs");
  const byHand = origin.pushByHand("a.txt", "ours\n");
  const conflict = await deliver(first.id, { kind: "merge", method: "rebase" });
  expect(conflict).toMatchObject({ state: "conflict", mayResolve: true, oldSha: byHand });
  expect(conflict.conflicts[0]).toMatchObject({ path: "a.txt" });
  expect(conflict.conflicts[0]?.hunks[0]).toContain("=======\ntheirs");
  expect(mainOf(origin)).toBe(byHand);
  const { runId } = await resolveConflict(trial.context(), { id: conflict.id });
  expect((await resolveConflict(trial.context(), { id: conflict.id })).runId).toBe(runId);
  const resolved = await trial.waitForEnd(runId);
  expect(resolved).toMatchObject({ status: "succeeded", sessionId: first.sessionId });
  const merged = await deliver(runId, { kind: "merge", method: "squash" });
  expect(merged).toMatchObject({ state: "delivered", oldSha: byHand });
  expect(origin.inBare("show", "main:a.txt")).toBe("both");
  expect(await undo(merged.id)).toMatchObject({ method: "move_back", state: "delivered" });
  expect(mainOf(origin)).toBe(byHand);
});

it("tells the origin's own words when a hook refuses, and nothing has changed", async () => {
  const before = mainOf(origin);
  const one = await run("h.txt hooked");
  origin.setHook(
    "pre-receive",
    'read o n r; [ "$r" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }',
  );
  const refused = await deliver(one.id, { kind: "merge" });
  expect(refused).toMatchObject({
    state: "refused",
    problem: expect.stringContaining("main is protected"),
  });
  expect(mainOf(origin)).toBe(before);
  const failed = await run("h2.txt by-policy", "bold");
  expect(failed).toMatchObject({ status: "failed", endReason: "delivery_failed", verdict: null });
  expect(failed.error).toContain("main is protected");
  expect(failed.headCommit).not.toBe(failed.baseCommit);
  origin.setHook("pre-receive", null);
  expect(await deliver(failed.id, { kind: "merge" })).toMatchObject({ state: "delivered" });
});

it("delivers by policy inside the run, and no unverified work where checks are wanted", async () => {
  const before = mainOf(origin);
  const unverified = await run("c.txt careful", "careful");
  expect(unverified).toMatchObject({ status: "succeeded", verdict: "unverified" });
  expect(mainOf(origin)).toBe(before);
  const said = (await trial.eventsOf(unverified.id)).map(({ data }) => data.text ?? "");
  expect(said.join()).toContain("no check has vouched");
  const bold = await run("b.txt bold", "bold");
  expect(bold.status).toBe("succeeded");
  const { items } = await listDeliveries(trial.database.db, { id: bold.id });
  expect(items).toMatchObject([{ state: "delivered", isByPolicy: true, by: "worker:trial" }]);
  expect(mainOf(origin)).toBe(items[0]?.resultSha);
  const kinds = (await trial.eventsOf(bold.id)).map(
    ({ kind, data }) => data.state ?? data.to ?? kind,
  );
  expect(kinds.indexOf("delivered")).toBeLessThan(kinds.indexOf("succeeded"));
  expect(await ledgerSays(bold.id, "merged")).toEqual(["merged"]);
  await setDefaultDelivery(trial.context(), {
    name: "app",
    delivery: { kind: "push" as const, when: "success" },
  });
  const pushed = await run("d.txt default");
  await setDefaultDelivery(trial.context(), { name: "app", delivery: null });
  expect(origin.inBare("rev-parse", pushed.branch ?? "")).toBe(pushed.headCommit);
});

it("finds out what became of a push whose connection broke, and never pushes twice", async () => {
  for (const [hook, isThere] of [
    ["pre-receive", false],
    ["reference-transaction", true],
  ] as const) {
    const { id } = await run(`${hook}.txt cut`);
    const before = mainOf(origin);
    const only = hook === "reference-transaction" ? '[ "$1" = committed ] || exit 0; ' : "";
    origin.setHook(hook, `${only}kill -9 $PPID`);
    const { id: deliveryId } = await deliverRun(trial.context(), { id, kind: "merge" });
    const cut = await site.untilTried(deliveryId);
    expect(cut).toMatchObject({ state: "running", oldSha: before, problem: expect.any(String) });
    expect(mainOf(origin)).toBe(isThere ? cut.resultSha : before);
    origin.setHook(hook, null);
    await site.tryNow(deliveryId);
    expect(await site.ended(deliveryId)).toMatchObject({
      state: "delivered",
      resultSha: cut.resultSha,
    });
    expect(origin.inBare("rev-list", "--first-parent", "--count", `${before}..main`)).toBe("1");
  }
});

it("opens one pull request, brings it up to date and follows it", async () => {
  const first = await run("r.txt first", "write", "forge");
  const wish = { kind: "pull_request" as const };
  const offered = await deliver(first.id, wish);
  expect(offered).toMatchObject({
    state: "delivered",
    base: "main",
    pullRequest: { number: 1, state: "open" },
  });
  expect(site.forge.inBare("rev-parse", first.branch ?? "")).toBe(first.headCommit);
  expect(site.github.pulls[0]).toMatchObject({
    title: "r.txt first",
    head: first.branch,
    base: "main",
  });
  expect(site.github.pulls[0]?.body).toContain(`https://coppice.example.org/runs/${first.id}`);
  expect(offered.compareUrl).toContain("https://github.com/acme/app/compare/main...");
  site.github.failWith(
    { status: 403, headers: { "x-ratelimit-remaining": "0" }, body: { message: "rate limit" } },
    { status: 401, body: { message: "Bad credentials" } },
  );
  const { id } = await deliverRun(trial.context(), { id: first.id, ...wish });
  expect(await site.untilTried(id)).toMatchObject({
    problem: expect.stringContaining("rate limit"),
  });
  await site.tryNow(id);
  const refused = await site.ended(id);
  expect(refused).toMatchObject({
    state: "refused",
    problem: expect.stringContaining("Bad credentials"),
  });
  expect(refused.hint).toContain("COPPICE_GITHUB_TOKEN");
  Object.assign(site.github.pulls[0] ?? {}, { title: "old" });
  expect(await deliver(first.id, wish)).toMatchObject({ pullRequest: { number: 1 } });
  expect(site.github.pulls).toMatchObject([{ title: "r.txt first" }]);
  Object.assign(site.github.pulls[0] ?? {}, {
    state: "closed",
    merged_at: "2026-01-01T00:00:00Z",
  });
  await trial.database.db.update(deliveries).set({ pullRequestCheckedAt: null });
  await followPullRequests(site.contextOfWorker());
  const { items } = await listDeliveries(trial.database.db, { id: first.id });
  expect(items[0]?.pullRequest).toMatchObject({ number: 1, state: "merged" });
  await expect(undoDelivery(trial.context(), { id: offered.id })).rejects.toThrow(/is merged/);
  const stored = JSON.stringify(await trial.database.db.select().from(deliveries));
  expect(stored).not.toContain(site.environment.COPPICE_GITHUB_TOKEN);
  expect(site.github.asked.every(({ authorization }) => authorization?.includes("ghp_"))).toBe(
    true,
  );
});

const points: CrashPoint[] = ["mid:merge", "before:push", "after:push"];
it("delivers exactly once, wherever its worker is killed while delivering", async () => {
  const { id } = await run("k.txt killed");
  const before = mainOf(origin);
  await site.worker.kill("SIGKILL");
  const planned = await deliverRun(trial.context(), { id, kind: "merge" });
  for (const point of points) {
    const crash = { COPPICE_TEST_CRASH: "1", CRASH_AT: point };
    const doomed = await trial.startWorker({ environment: { ...site.environment, ...crash } });
    while (existsSync(`/proc/${doomed.pid}`)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { state, resultSha } = await getDelivery(trial.database.db, { id: planned.id });
    expect([point, state]).toEqual([point, point === "mid:merge" ? "planned" : "running"]);
    expect(mainOf(origin)).toBe(point === "after:push" ? resultSha : before);
  }
  site.worker = await trial.startWorker({ environment: site.environment });
  const done = await site.ended(planned.id);
  expect(done).toMatchObject({ state: "delivered", oldSha: before, resultSha: mainOf(origin) });
  expect(origin.inBare("rev-list", "--first-parent", "--count", `${before}..main`)).toBe("1");
  expect(await ledgerSays(id, "merged")).toEqual(["merged"]);
}, 120_000);
