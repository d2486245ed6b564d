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
  "audit.list": "admin",
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
  "repositories.get": "viewer",
  "repositories.list": "viewer",
  "runs.attempts": "viewer",
  "runs.cancel": "operator",
  "runs.commitPatch": "viewer",
  "runs.commits": "viewer",
  "runs.counts": "viewer",
  "runs.diff": "viewer",
  "runs.events": "viewer",
  "runs.get": "viewer",
  "runs.list": "viewer",
  "runs.rerun": "operator",
  "runs.start": "operator",
  "runs.transcript": "viewer",
  "search.find": "viewer",
  "sessions.continue": "operator",
  "sessions.get": "viewer",
  "tokens.create": "admin",
  "tokens.list": "admin",
  "tokens.revoke": "admin",
  "workers.list": "viewer",
  "workflows.create": "admin",
  "workflows.get": "viewer",
  "workflows.list": "viewer",
  "workflows.update": "admin",
  "workflows.versions": "viewer",
  "workspaces.get": "viewer",
  "workspaces.list": "viewer",
  "workspaces.remove": "operator",
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
    "runs.get": caller.runs.get({ id }),
    "runs.get by number": caller.runs.get({ id: "#999999" }),
    "runs.get by nonsense": caller.runs.get({ id: "../../etc/passwd" }),
    "runs.events": caller.runs.events({ id }),
    "runs.transcript": caller.runs.transcript({ id }),
    "runs.attempts": caller.runs.attempts({ id }),
    "runs.commits": caller.runs.commits({ id }),
    "runs.commitPatch": caller.runs.commitPatch({ id, sha }),
    "runs.diff": caller.runs.diff({ id }),
    "runs.cancel": caller.runs.cancel({ id }),
    "runs.rerun": caller.runs.rerun({ id }),
    "sessions.get": caller.sessions.get({ id }),
    "sessions.continue": caller.sessions.continue({ id, message: "go on" }),
    "workspaces.get": caller.workspaces.get({ id }),
    "workspaces.remove": caller.workspaces.remove({ id }),
    "repositories.get": caller.repositories.get({ name: id }),
    "workflows.get": caller.workflows.get({ name: id }),
    "workflows.versions": caller.workflows.versions({ name: id }),
    "workflows.update": caller.workflows.update({ name: id, description: "x" }),
    "members.setRole": caller.members.setRole({ id, role: "viewer" }),
    "tokens.revoke": caller.tokens.revoke({ id }),
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
