import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertRun } from "@/db/testing-rows";
import { type Actor, type Role, roles } from "@/server/domain/actor";
import { describeFailure } from "./error-map";
import { appRouter } from "./router";
import { openTestDoor, type TestDoor } from "./testing";
import { createCallerFactory } from "./trpc";

/** The least role that each procedure needs. A procedure that is missing here fails the test. */
const needed: Record<string, Role | "nobody"> = {
  "agentConfig.get": "viewer",
  "agentConfig.judge": "admin",
  "agentConfig.look": "operator",
  "agentConfig.setPolicy": "admin",
  "agents.list": "viewer",
  "audit.list": "admin",
  "deliveries.deliver": "operator",
  "deliveries.get": "viewer",
  "deliveries.getDefault": "viewer",
  "deliveries.list": "viewer",
  "deliveries.preview": "operator",
  "deliveries.previewUndo": "operator",
  "deliveries.resolve": "operator",
  "deliveries.setDefault": "admin",
  "deliveries.undo": "operator",
  "doctor.check": "operator",
  "doctor.fix": "admin",
  "doctor.report": "viewer",
  "cleanup.abort": "admin",
  "cleanup.carryOut": "admin",
  "cleanup.disks": "viewer",
  "cleanup.dues": "viewer",
  "cleanup.get": "viewer",
  "cleanup.items": "viewer",
  "cleanup.list": "viewer",
  "cleanup.policies": "viewer",
  "cleanup.previewPolicy": "admin",
  "cleanup.setPin": "operator",
  "cleanup.setPolicy": "admin",
  "cleanup.setSettings": "admin",
  "cleanup.settings": "viewer",
  "cleanup.start": "admin",
  "conversation.answer": "operator",
  "conversation.edit": "operator",
  "conversation.interrupt": "operator",
  "conversation.messages": "viewer",
  "conversation.steer": "operator",
  "conversation.view": "viewer",
  "conversation.waiting": "viewer",
  "conversation.withdraw": "operator",
  "live.position": "viewer",
  "live.stream": "viewer",
  "members.add": "admin",
  "members.list": "viewer",
  "members.me": "viewer",
  "members.setRole": "admin",
  "members.setUp": "nobody",
  "members.setUpState": "nobody",
  "overview.get": "viewer",
  "repositories.add": "admin",
  "repositories.change": "admin",
  "repositories.get": "viewer",
  "repositories.keepAtOrigin": "admin",
  "repositories.list": "viewer",
  "reviews.add": "operator",
  "reviews.discard": "operator",
  "reviews.edit": "operator",
  "reviews.judge": "viewer",
  "reviews.list": "viewer",
  "reviews.remove": "operator",
  "reviews.send": "operator",
  "repositories.settings": "viewer",
  "runs.attempts": "viewer",
  "runs.cancel": "operator",
  "runs.checks": "viewer",
  "runs.commitPatch": "viewer",
  "runs.commits": "viewer",
  "runs.counts": "viewer",
  "runs.diff": "viewer",
  "runs.events": "viewer",
  "runs.evidence": "viewer",
  "runs.get": "viewer",
  "runs.list": "viewer",
  "runs.preparePatch": "operator",
  "runs.rerun": "operator",
  "runs.restore": "operator",
  "runs.snapshots": "viewer",
  "runs.start": "operator",
  "runs.transcript": "viewer",
  "runs.tryNow": "operator",
  "search.find": "viewer",
  "secrets.list": "admin",
  "secrets.remove": "admin",
  "secrets.renew": "admin",
  "secrets.set": "admin",
  "sessions.continue": "operator",
  "sessions.get": "viewer",
  "sessions.restore": "operator",
  "tokens.create": "admin",
  "tokens.list": "admin",
  "tokens.revoke": "admin",
  "usage.read": "viewer",
  "workers.declareLost": "admin",
  "workers.drain": "admin",
  "workers.get": "viewer",
  "work.letGo": "operator",
  "work.list": "viewer",
  "work.summary": "viewer",
  "work.takeBack": "operator",
  "workers.list": "viewer",
  "workers.lostLimit": "viewer",
  "workers.recoveryReports": "viewer",
  "workers.setCapacity": "admin",
  "workers.setLostLimit": "admin",
  "workers.undrain": "admin",
  "workers.waiting": "viewer",
  "workflows.create": "admin",
  "workflows.get": "viewer",
  "workflows.list": "viewer",
  "workflows.update": "admin",
  "workflows.versions": "viewer",
  "workspaces.audit": "operator",
  "workspaces.get": "viewer",
  "workspaces.list": "viewer",
  "workspaces.remove": "operator",
  "workspaces.restore": "operator",
};

const callers: (Role | "nobody")[] = ["nobody", ...roles];
const procedures = Object.keys(appRouter._def.procedures).sort();
let opened: TestDoor;
beforeAll(async () => {
  opened = await openTestDoor();
});
afterAll(() => opened.database.drop());

test("names the role of every procedure there is", () => {
  expect(procedures).toEqual(Object.keys(needed).sort());
});

describe.each(procedures)("%s", (procedure) => {
  test.each(callers)("lets in or refuses %s", async (caller) => {
    const least = needed[procedure] ?? "admin";
    const mayPass = callers.indexOf(caller) >= callers.indexOf(least);
    const code = await callWithoutInput(procedure, caller);
    if (mayPass) expect(code).not.toMatch(/sign_in_needed|not_allowed|internal/);
    else expect(code).toBe(caller === "nobody" ? "sign_in_needed" : "not_allowed");
  });
});

test("notes what somebody known tried in vain", async () => {
  await callWithoutInput("workflows.create", "viewer");
  const { items } = await callerOf("admin").audit.list({ limit: 1 });
  expect(items[0]).toMatchObject({
    actor: "member:viewer",
    action: "access.refused",
    target: "procedure:workflows.create",
  });
});

test("gives a thing only to its own look-up, and nothing to any other", async () => {
  const { run, session, workspace } = await insertRun(opened.database.db, { status: "succeeded" });
  const caller = callerOf("admin");
  const found = {
    "runs.get": (id: string) => caller.runs.get({ id }),
    "runs.events": (id: string) => caller.runs.events({ id }),
    "runs.commits": (id: string) => caller.runs.commits({ id }),
    "sessions.get": (id: string) => caller.sessions.get({ id }),
    "workspaces.get": (id: string) => caller.workspaces.get({ id }),
    "repositories.get": (id: string) => caller.repositories.get({ name: id }),
  };
  const owners: Record<string, string> = {
    "runs.get": run.id,
    "runs.events": run.id,
    "runs.commits": run.id,
    "sessions.get": session.id,
    "workspaces.get": workspace.id,
    "repositories.get": run.repositoryId,
  };
  const ids = [run.id, session.id, workspace.id, run.repositoryId, run.agentSessionId];
  for (const [name, lookUp] of Object.entries(found)) {
    for (const id of ids) {
      const expected = owners[name] === id ? "passed" : "not_found";
      expect([name, id, await codeOf(lookUp(id))]).toEqual([name, id, expected]);
    }
  }
});

test("finds nothing by an id that is nobody's", async () => {
  const caller = callerOf("admin");
  const id = randomUUID();
  const sha = "a".repeat(40);
  const lookUps = {
    "reviews.add": caller.reviews.add({
      ...{ runId: id, fromCommit: sha, toCommit: sha, path: "a", line: 1, body: "x" },
    }),
    "reviews.discard": caller.reviews.discard({ runId: id }),
    "reviews.edit": caller.reviews.edit({ commentId: id, body: "x" }),
    "reviews.judge": caller.reviews.judge({ runId: id }),
    "reviews.list": caller.reviews.list({ runId: id }),
    "reviews.remove": caller.reviews.remove({ commentId: id }),
    "reviews.send": caller.reviews.send({ runId: id, note: "x" }),
    "runs.get": caller.runs.get({ id }),
    "runs.get by number": caller.runs.get({ id: "#999999" }),
    "runs.get by nonsense": caller.runs.get({ id: "../../etc/passwd" }),
    "runs.events": caller.runs.events({ id }),
    "runs.transcript": caller.runs.transcript({ id }),
    "runs.attempts": caller.runs.attempts({ id }),
    "runs.evidence": caller.runs.evidence({ id }),
    "runs.commits": caller.runs.commits({ id }),
    "runs.commitPatch": caller.runs.commitPatch({ id, sha }),
    "runs.diff": caller.runs.diff({ id }),
    "runs.cancel": caller.runs.cancel({ id }),
    "runs.rerun": caller.runs.rerun({ id }),
    "runs.tryNow": caller.runs.tryNow({ id }),
    "runs.preparePatch": caller.runs.preparePatch({ id }),
    "runs.restore": caller.runs.restore({ id, way: "workspace" }),
    "runs.snapshots": caller.runs.snapshots({ id }),
    "conversation.view": caller.conversation.view({ runId: id }),
    "conversation.messages": caller.conversation.messages({ runId: id }),
    "conversation.steer": caller.conversation.steer({ runId: id, text: "x" }),
    "conversation.interrupt": caller.conversation.interrupt({ runId: id }),
    "conversation.edit": caller.conversation.edit({ messageId: id, text: "x" }),
    "conversation.withdraw": caller.conversation.withdraw({ messageId: id }),
    "conversation.answer": caller.conversation.answer({ questionId: id, decision: "allow" }),
    "deliveries.deliver": caller.deliveries.deliver({ id, kind: "push" }),
    "deliveries.get": caller.deliveries.get({ id }),
    "deliveries.getDefault": caller.deliveries.getDefault({ name: id }),
    "deliveries.list": caller.deliveries.list({ id }),
    "deliveries.preview": caller.deliveries.preview({ id, kind: "push" }),
    "deliveries.previewUndo": caller.deliveries.previewUndo({ id }),
    "deliveries.resolve": caller.deliveries.resolve({ id }),
    "deliveries.setDefault": caller.deliveries.setDefault({ name: id, delivery: null }),
    "deliveries.undo": caller.deliveries.undo({ id }),
    "sessions.restore": caller.sessions.restore({ id, way: "workspace" }),
    "workspaces.audit": caller.workspaces.audit({ id }),
    "workspaces.restore": caller.workspaces.restore({ id }),
    "sessions.get": caller.sessions.get({ id }),
    "sessions.continue": caller.sessions.continue({ id, message: "go on" }),
    "work.letGo": caller.work.letGo({ ids: [999_999_999], why: "x" }),
    "work.list": caller.work.list({ run: id }),
    "workspaces.get": caller.workspaces.get({ id }),
    "workspaces.remove": caller.workspaces.remove({ id }),
    "repositories.get": caller.repositories.get({ name: id }),
    "repositories.keepAtOrigin": caller.repositories.keepAtOrigin({ name: id, isKept: true }),
    "workers.get": caller.workers.get({ name: id }),
    "workers.waiting": caller.workers.waiting({ name: id }),
    "workers.drain": caller.workers.drain({ name: id }),
    "workers.undrain": caller.workers.undrain({ name: id }),
    "workers.setCapacity": caller.workers.setCapacity({ name: id, capacity: 1 }),
    "workers.declareLost": caller.workers.declareLost({ name: id, reason: "it burned down" }),
    "workflows.get": caller.workflows.get({ name: id }),
    "workflows.versions": caller.workflows.versions({ name: id }),
    "workflows.update": caller.workflows.update({ name: id, description: "x" }),
    "agentConfig.get": caller.agentConfig.get({ name: id }),
    "agentConfig.look": caller.agentConfig.look({ name: id }),
    "agentConfig.setPolicy": caller.agentConfig.setPolicy({ name: id, policy: "refuse" }),
    "secrets.list": caller.secrets.list({ kind: "workflow", of: id }),
    "secrets.remove": caller.secrets.remove({ kind: "repository", of: id, name: "A_TOKEN" }),
    "members.setRole": caller.members.setRole({ id, role: "viewer" }),
    "tokens.revoke": caller.tokens.revoke({ id }),
    "cleanup.get": caller.cleanup.get({ id }),
    "cleanup.items": caller.cleanup.items({ id }),
    "cleanup.carryOut": caller.cleanup.carryOut({ id }),
    "cleanup.abort": caller.cleanup.abort({ id }),
    "cleanup.setPin": caller.cleanup.setPin({ runId: id, isPinned: true }),
    "cleanup.setPolicy": caller.cleanup.setPolicy({ workflow: id, rules: {} }),
  };
  const codes = await Promise.all(
    Object.entries(lookUps).map(async ([name, answer]) => [name, await codeOf(answer)]),
  );
  expect(Object.fromEntries(codes)).toEqual(
    Object.fromEntries(Object.keys(lookUps).map((name) => [name, "not_found"])),
  );
});

function callerOf(role: Role | "nobody") {
  const actor: Actor | null =
    role === "nobody" ? null : { kind: "member", id: `${role}-1`, name: role, role };
  const { door, database } = opened;
  const headers = new Headers();
  return createCallerFactory(appRouter)({ door, db: database.db, actor, headers, now: new Date() });
}

/** The code of the failure, or "passed": input comes after the wall, so none is needed. */
async function callWithoutInput(procedure: string, role: Role | "nobody"): Promise<string> {
  const [noun = "", verb = ""] = procedure.split(".");
  type Nouns = Record<string, Record<string, (input?: unknown) => Promise<unknown>>>;
  const call = (callerOf(role) as unknown as Nouns)[noun]?.[verb];
  if (!call) throw new Error(`no procedure ${procedure}`);
  return codeOf(call());
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => "passed",
    (error: unknown) => describeFailure(error).code,
  );
}
