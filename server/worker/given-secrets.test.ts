import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempts, commits } from "@/db/schema";
import { startRun } from "@/server/runs/start-run";
import { parseKeyring } from "@/server/secrets/keyring";
import { readKeyring } from "@/server/secrets/read-keyring";
import { setSecret } from "@/server/secrets/set-secret";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "./testing";

let trial: TrialInstallation;
let worker: TrialWorker;
beforeAll(async () => {
  trial = await openTrialInstallation();
  worker = await trial.startWorker();
});
afterAll(async () => {
  await trial?.end();
});

async function give(kind: "repository" | "workflow", of: string, name: string, value: string) {
  const keyring = await readKeyring(trial.home, {});
  await setSecret({ ...trial.context(), keyring }, { kind, of, name, value });
}

const start = async (workflow: string) =>
  (await startRun(trial.context(), { workflow, repository: "sample", message: "do it" })).runId;

/** Every row of every table as text; bytes are in hexadecimal there. */
async function dumpDatabase(): Promise<string> {
  const { db } = trial.database;
  const { rows } = await db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const texts = await Promise.all(
    rows.map(({ name }) =>
      db.execute<{ all: string | null }>(
        sql`select string_agg(t::text, ' ') as all from ${sql.identifier(name)} t`,
      ),
    ),
  );
  return texts
    .map((found, index) => `${rows[index]?.name}: ${found.rows[0]?.all ?? ""}`)
    .join("\n");
}

it("gives a run its secrets and stores them nowhere, also when one is replaced meanwhile", async () => {
  const token = `first/${randomBytes(12).toString("base64url")}"quoted"end`;
  const key = `-----\n${randomBytes(30).toString("hex")}\n${randomBytes(30).toString("hex")}`;
  await trial.defineWorkflow("printer", {
    command: `while [ ! -e go ]; do sleep 0.02; done; rm go
      echo "plain $TOKEN and $BOTH"; printf %s "$TOKEN" | base64 -w 0; echo; echo "$KEY" | tail -1
      echo "v=$TOKEN" > file; git add file; git commit -qm "Say $TOKEN" --author "$TOKEN <a@b>"
      echo left > "left $BOTH"; env | grep -c SECRETS_KEY; exit 3`,
  });
  await give("repository", "sample", "TOKEN", token);
  await give("repository", "sample", "KEY", key);
  await give("repository", "sample", "BOTH", "of the repository");
  await give("workflow", "printer", "BOTH", "of the workflow");
  const runId = await start("printer");
  const { workspacePath } = await trial.waitFor(runId, ({ status }) => status === "running");
  await give("repository", "sample", "TOKEN", "the next run's token");
  await worker.kill("SIGKILL");
  worker = await trial.startWorker();
  writeFileSync(join(workspacePath ?? "", "go"), "");
  const run = await trial.waitForEnd(runId);

  const { db } = trial.database;
  const [attempt] = await db.select().from(attempts).where(eq(attempts.runId, runId));
  const output = (await trial.outputOf(attempt?.id as never)).toString().split("\n");
  const stars = (text: string) => "*".repeat(text.length);
  expect(output[0]).toBe(`plain ${stars(token)} and ${stars("of the workflow")}`);
  expect(output[1]).toMatch(/^\*+=*$/);
  expect(output[2]).toBe(stars("a".repeat(60)));
  expect(output[3]).toBe("0");
  expect(run.error).toContain("Its last line: 0");
  const listed = await db.select().from(commits).where(eq(commits.runId, runId));
  const said = listed.find(({ message }) => message.startsWith("Say"));
  expect(said?.message.trim()).toBe(`Say ${stars(token)}`);
  const patches = listed.map(({ patch }) => inflateSync(patch ?? Buffer.alloc(0)).toString());
  expect(patches.join()).toContain(`+v=${stars(token)}`);

  const dump = (await dumpDatabase()) + patches.join();
  expect(dump).toContain("printer");
  for (const secret of [token, token.slice(0, 20), "of the workflow", key.split("\n")[2] ?? ""]) {
    const forms = [
      secret,
      Buffer.from(secret).toString("hex"),
      JSON.stringify(secret).slice(1, -1),
    ];
    for (const form of forms) {
      const told = dump.split("\n").filter((line) => line.includes(form));
      expect(
        told.map((line) => line.slice(0, 60)),
        form,
      ).toEqual([]);
    }
  }
}, 60_000);

it("starts no agent when a secret cannot be decrypted, and names it", async () => {
  await trial.defineWorkflow("locked", { command: "echo started > started" });
  const keyring = parseKeyring(randomBytes(32).toString("hex"), "another host");
  const input = {
    kind: "workflow" as const,
    of: "locked",
    name: "FOREIGN",
    value: "of another key",
  };
  await setSecret({ ...trial.context(), keyring }, input);
  const run = await trial.waitForEnd(await start("locked"));
  expect(run).toMatchObject({ status: "failed", endReason: "secrets_failed", pid: null });
  expect(run.error).toMatch(/secret FOREIGN cannot be read: .*key .*COPPICE_SECRETS_KEY/s);
  expect(existsSync(join(trial.home, "attempts", run.id, "1", "agent"))).toBe(false);
});
