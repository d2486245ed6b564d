import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { workspaces } from "@/db/schema";
import { controlPath } from "@/server/agents/control-folder";
import { noIsolation } from "@/server/agents/testing";
import { type DoctorSite, endTree, openDoctorSite, startTree } from "./testing";

let site: DoctorSite;
beforeEach(async () => {
  site = await openDoctorSite();
});
afterEach(() => site.end());

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : []);
const listAll = (folder: string) => readdirSync(folder, { recursive: true }).sort();

it("puts a control folder without an attempt into quarantine, with a note of where it was", async () => {
  const control = controlPath(site.home, randomUUID(), 1);
  mkdirSync(control, { recursive: true });
  writeFileSync(path.join(control, "output"), "words");
  const found = await site.findOnly("control_without_attempt");
  await site.fix(found, "quarantine");
  const [name, note] = namesIn(path.join(site.home, "quarantine"));
  expect(readFileSync(path.join(site.home, "quarantine", name ?? "", "output"), "utf8")).toBe(
    "words",
  );
  expect(readFileSync(path.join(site.home, "quarantine", note ?? ""), "utf8")).toContain(control);
  expect(await site.check()).toEqual([]);
});

it("offers to adopt an unknown workspace folder of a known repository, or to put it aside", async () => {
  const { workspace, folder, run } = await site.placeRun("succeeded");
  const [row] = await site.db.select().from(workspaces).where(eq(workspaces.id, workspace.id));
  const copy = path.join(path.dirname(folder), randomUUID());
  renameSync(folder, copy);
  mkdirSync(folder);
  const found = await site.findOnly("folder_without_row");
  expect(found.fixes.map(({ action }) => action)).toEqual(["adopt", "quarantine"]);
  const before = listAll(copy);
  await site.fix(found, "adopt");
  const [adopted] = await site.db.select().from(workspaces).where(eq(workspaces.path, copy));
  expect(adopted).toMatchObject({
    state: "ready",
    kind: "persistent",
    branch: "coppice/build/1",
    headCommit: run.headCommit,
    workerId: site.worker.id,
  });
  expect(listAll(copy)).toEqual(before);
  expect(row?.id).not.toBe(adopted?.id);
  expect(await site.check()).toEqual([]);
});

it("puts an unknown workspace folder aside whole, and never deletes it", async () => {
  const strange = path.join(site.home, "workspaces", "not-a-repository");
  mkdirSync(path.join(strange, "deep"), { recursive: true });
  writeFileSync(path.join(strange, "deep", "only-copy.txt"), "precious");
  const found = await site.findOnly("folder_without_row");
  expect(found.fixes.map(({ action }) => action)).toEqual(["quarantine"]);
  await site.fix(found, "quarantine");
  const [name = ""] = namesIn(path.join(site.home, "quarantine"));
  const kept = path.join(site.home, "quarantine", name, "deep", "only-copy.txt");
  expect(readFileSync(kept, "utf8")).toBe("precious");
});

it("does not move a folder that a process works in", async () => {
  const workspace = path.join(site.home, "workspaces", site.repository.id, randomUUID());
  mkdirSync(workspace, { recursive: true });
  site.startMarked({ runId: randomUUID(), attemptId: randomUUID(), workspace });
  const found = (await site.check()).find(({ kind }) => kind === "folder_without_row");
  expect(found?.fixes.map(({ action }) => action)).toEqual(["adopt"]);
});

it("finds a ready workspace without its folder, and marks it removed unless a run holds it", async () => {
  const { workspace, folder } = await site.placeRun("succeeded");
  const held = await site.placeRun("running");
  await startTree(site, { ...held, id: held.run.id }, noIsolation);
  rmSync(folder, { recursive: true });
  const found = await site.findOnly("row_without_folder");
  await site.fix(found, "mark_removed");
  const [row] = await site.db.select().from(workspaces).where(eq(workspaces.id, workspace.id));
  expect(row?.state).toBe("removed");
  expect((await site.check()).map(({ kind }) => kind)).toEqual(["shadow_without_workspace"]);
  rmSync(held.folder, { recursive: true });
  const ofHeld = (await site.check()).find(({ kind }) => kind === "row_without_folder");
  expect(ofHeld?.subject.workspaceId).toBe(held.workspace.id);
  expect(ofHeld?.fixes).toEqual([]);
  await endTree(site, { ...held.run, attemptId: held.attemptId });
});

it("removes a half-made folder, but none that a held run is making", async () => {
  const { workspace, folder } = await site.placeRun("succeeded");
  const held = await site.placeRun("running");
  await startTree(site, { ...held, id: held.run.id }, noIsolation);
  const half = [folder, held.folder].map((name) => `${name}.new-${randomUUID()}`);
  for (const name of half) mkdirSync(name);
  const found = await site.findOnly("half_made_folder");
  expect(found.subject.path).toBe(half[0]);
  await site.fix(found, "remove_half_made");
  expect(half.map((name) => existsSync(name))).toEqual([false, true]);
  expect(existsSync(folder)).toBe(true);
  expect(workspace.id).not.toBe(held.workspace.id);
  await endTree(site, { ...held.run, attemptId: held.attemptId });
});

it("finds a private index without its workspace", async () => {
  const shadow = path.join(site.home, "shadows", `${randomUUID()}.git`);
  mkdirSync(shadow, { recursive: true });
  const found = await site.findOnly("shadow_without_workspace");
  await site.fix(found, "quarantine");
  expect(existsSync(shadow)).toBe(false);
  expect(namesIn(path.join(site.home, "quarantine"))).toHaveLength(2);
});
