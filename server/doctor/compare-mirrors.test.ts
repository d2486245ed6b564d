import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DoctorSite, openDoctorSite } from "./testing";

let site: DoctorSite;
beforeEach(async () => {
  site = await openDoctorSite();
});
afterEach(() => site.end());

const namesIn = (folder: string) => readdirSync(folder).sort();

it("finds a missing mirror, and makes it again from the origin with its remains put aside", async () => {
  const { run } = await site.placeRun("succeeded");
  rmSync(path.join(site.mirror, "HEAD"));
  const found = await site.findOnly("mirror_missing");
  await site.fix(found, "make_mirror");
  expect(site.git("cat-file", "-t", site.base)).toBe("commit");
  const aside = namesIn(path.join(site.home, "quarantine")).filter((name) => name.endsWith(".git"));
  expect(aside).toHaveLength(1);
  const lost = await site.findOnly("commit_missing");
  expect(lost.subject.runId).toBe(run.id);
  await site.fix(lost, "look_for_commits");
  expect(await site.check()).toEqual([]);
});

it("finds a recorded commit that the mirror lacks, and fetches it from the workspace", async () => {
  const { run, head, folder } = await site.placeRun("succeeded");
  removeObject(site.mirror, head);
  const found = await site.findOnly("commit_missing");
  expect(found.subject.runNumber).toBe(run.number);
  expect(found.evidence.map(({ name }) => name)).toContain(head);
  const done = await site.fix(found, "look_for_commits");
  expect(done).toEqual([expect.stringContaining(head)]);
  expect(site.git("cat-file", "-t", head)).toBe("commit");
  expect(await site.check()).toEqual([]);
  removeObject(site.mirror, head);
  rmSync(folder, { recursive: true });
  const again = (await site.check()).find(({ kind }) => kind === "commit_missing");
  if (!again) throw new Error("not found");
  await expect(site.fix(again, "look_for_commits")).rejects.toMatchObject({
    code: "unprocessable",
    message: "None of the 1 commits was found.",
  });
});

it("finds a recorded commit that no ref leads to, and gives it a keep ref", async () => {
  const { run, head } = await site.placeRun("succeeded");
  site.git("update-ref", "-d", `refs/coppice/runs/${run.id}/head`);
  const found = await site.findOnly("commit_without_ref");
  await site.fix(found, "keep_commits");
  expect(site.git("for-each-ref", "--format=%(refname)", `--contains=${head}`)).toBe(
    `refs/coppice/keep/${run.id}/1/found/${head}`,
  );
  expect(await site.check()).toEqual([]);
});

it("tells of kept work of a run that the database does not know, and leaves it", async () => {
  await site.placeRun("succeeded");
  const unknown = randomUUID();
  site.git("update-ref", `refs/coppice/keep/${unknown}/1/heads/x`, site.base);
  const found = await site.findOnly("ref_without_run");
  expect(found.title).toContain(unknown.slice(0, 8));
  expect(found.fixes).toEqual([]);
});

it("says that a mirror is damaged instead of guessing what it holds", async () => {
  await site.placeRun("succeeded");
  appendFileSync(path.join(site.mirror, "config"), "[broken\n");
  const kinds = (await site.check()).map(({ kind }) => kind);
  expect(kinds).toEqual(["mirror_damaged"]);
});

it("tells of an origin that is gone", async () => {
  await site.placeRun("succeeded");
  renameSync(site.origin, `${site.origin}-moved`);
  const found = await site.findOnly("origin_gone");
  expect(found.evidence).toContainEqual({ name: "origin", value: site.origin });
});

/** Takes one object out of a mirror, packed or not. */
function removeObject(mirror: string, sha: string): void {
  const packs = path.join(mirror, "objects", "pack");
  const names = existsSync(packs) ? readdirSync(packs) : [];
  for (const name of names.filter((file) => file.endsWith(".pack"))) {
    const pack = readFileSync(path.join(packs, name));
    for (const ending of ["pack", "idx", "rev"]) {
      rmSync(path.join(packs, name.replace(/pack$/, ending)), { force: true });
    }
    execFileSync("git", ["--git-dir", mirror, "unpack-objects", "-q"], { input: pack });
  }
  rmSync(path.join(mirror, "objects", sha.slice(0, 2), sha.slice(2)));
}
