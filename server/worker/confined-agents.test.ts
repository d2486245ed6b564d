import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempts, repositories, transcriptEntries } from "@/db/schema";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import { judgeAgentConfig } from "@/server/agent-configs/judge-agent-config";
import { setAgentConfigPolicy } from "@/server/agent-configs/set-agent-config-policy";
import { codexProgram, requireCodex } from "@/server/agents/testing-codex-real";
import { codexSettings } from "@/server/agents/testing-real-agents";
import { startRun } from "@/server/runs/start-run";
import { readKeyring } from "@/server/secrets/read-keyring";
import { setSecret } from "@/server/secrets/set-secret";
import { mirrorPath } from "@/server/workspaces/layout";
import { commitAll, runGit, writeTree } from "@/server/workspaces/testing";
import { openTrialInstallation, type TrialInstallation } from "./testing";

const claudeProgram = resolve("e2e/agents/node_modules/.bin/claude");
const serverSecret = "the-server-s-own-secret-value";
const given = "the secret that runs are given";
let trial: TrialInstallation;
let model: Awaited<ReturnType<typeof startModelServer>>;
let operatorHome: string;

beforeAll(async () => {
  requireCodex();
  model = await startModelServer();
  trial = await openTrialInstallation();
  operatorHome = join(trial.home, "operator");
  mkdirSync(operatorHome);
  writeFileSync(join(operatorHome, ".bashrc"), "# mine\n");
  writeFileSync(join(trial.home, "codex.toml"), codexSettings(model.url));
  await trial.startWorker({
    slots: 8,
    environment: {
      HOME: operatorHome,
      COMPANY_TOKEN: serverSecret,
      COPPICE_CLAUDE_PATH: claudeProgram,
      COPPICE_CODEX_PATH: codexProgram,
      COPPICE_CODEX_CONFIG: join(trial.home, "codex.toml"),
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "dummy-key-for-tests",
      OPENAI_API_KEY: "dummy-key-for-tests",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    },
  });
  const keyring = await readKeyring(trial.home, {});
  const secret = { kind: "repository" as const, of: "sample", name: "TOKEN", value: given };
  await setSecret({ ...trial.context(), keyring }, secret);
  await trial.defineWorkflow("claude", { agent: "claude-code", allowedTools: ["Bash", "Read"] });
  await trial.defineWorkflow("codex", { agent: "codex" });
});
afterAll(async () => {
  await trial?.end();
  await model?.close();
});

async function carryOut(workflow: string, message: string, repository = "sample") {
  const { runId } = await startRun(trial.context(), { workflow, repository, message });
  return trial.waitForEnd(runId);
}

async function transcriptOf(runId: Awaited<ReturnType<typeof carryOut>>["id"]): Promise<string> {
  const { db } = trial.database;
  const rows = await db.select().from(transcriptEntries).where(eq(transcriptEntries.runId, runId));
  return JSON.stringify(rows.map(({ entry }) => entry).filter(({ kind }) => kind !== "message"));
}

const attemptsOf = (runId: Awaited<ReturnType<typeof carryOut>>["id"]) =>
  trial.database.db.select().from(attempts).where(eq(attempts.runId, runId));

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "x" } });
const exec = (cmd: string) => ({ tool: "exec_command", input: { cmd } });
const ask = (text: string) =>
  model.requests.some(({ body }) => JSON.stringify(body).includes(text));

it("shows no agent a secret of the server, and lets none write beside its own", async () => {
  await trial.defineWorkflow("first", { command: "true" });
  await carryOut("first", "do it");
  const [other] = await trial.database.db.select().from(repositories);
  const mirror = mirrorPath(trial.home, other?.id as never);
  const config = readFileSync(join(mirror, "config"), "utf8");
  const victims = [
    ...[join(operatorHome, ".bashrc"), join(trial.home, "secrets.key"), join(mirror, "config")],
    ...[join(mirror, "hooks/post-update"), join(trial.home, "workspaces/theirs"), "/etc/coppice-x"],
  ];
  const attack = [
    "cat /proc/*/environ | tr '\\0' '\\n' | grep -v ^COPPICE_MESSAGE= | sort -u",
    ...victims.map((path) => `cat ${path}; mkdir -p $(dirname ${path}); echo owned > ${path}`),
    `[ "$(echo "$TOKEN" | sha256sum | cut -c1-12)" = ${sha(`${given}\n`)} ] && echo ha""s it`,
    "echo mine >> ~/.bashrc && echo do''ne",
  ].join("\n");
  await trial.defineWorkflow("shell-in-sandbox", { sandbox: "on", command: `${attack}; true` });
  const ended = await Promise.all([
    carryOut("claude", script(bash(attack), { text: "ok" })),
    carryOut("codex", script(exec(attack), { text: "ok" })),
    carryOut("shell-in-sandbox", "do it"),
  ]);
  for (const run of ended) {
    expect(run, run.error ?? "").toMatchObject({ status: "succeeded" });
    const [attempt] = await attemptsOf(run.id);
    const told = (await trial.outputOf(attempt?.id as never)).toString();
    expect(told).toContain("has it");
    expect(told).toContain("done");
    expect(told).toContain(`COPPICE_RUN_ID=${run.id}`);
    for (const secret of ["COMPANY_TOKEN", "DATABASE_URL", "SECRETS_KEY=", "# mine", given]) {
      expect(told, `${run.agent} ${secret}`).not.toContain(secret);
    }
    expect(ask(serverSecret)).toBe(false);
  }
  expect(readFileSync(join(operatorHome, ".bashrc"), "utf8")).toBe("# mine\n");
  expect(readFileSync(join(mirror, "config"), "utf8")).toBe(config);
  for (const path of victims.slice(3)) expect(existsSync(path), path).toBe(false);
  expect(readFileSync(join(trial.home, "secrets.key"), "utf8")).not.toContain("owned");
}, 60_000);

it("gives an agent its workflow's MCP servers, with secrets that are stored nowhere", async () => {
  const server = readFileSync(join(import.meta.dirname, "../agents/fixtures/mcp-server.mjs"));
  writeTree(join(trial.home, "sample"), { "mcp-server.mjs": server.toString() });
  commitAll(join(trial.home, "sample"), "Add a server");
  const env = { API_KEY: `k-\${${"TOKEN"}}` };
  const mcpServers = { tiny: { command: "node", args: ["mcp-server.mjs"], env } };
  await trial.defineWorkflow("with-mcp", { agent: "claude-code", mcpServers });
  await trial.defineWorkflow("codex-with-mcp", { agent: "codex", mcpServers });
  await trial.defineWorkflow("lacking", {
    agent: "claude-code",
    mcpServers: { tiny: { command: "node", env: { API_KEY: `\${${"NOWHERE"}}` } } },
  });
  const call = { tool: "mcp__tiny__turn_around", input: { text: "abc" } };
  const listed = { tool: "list_mcp_resources", input: { server: "tiny" } };
  const [claude, codex, lacking] = await Promise.all([
    carryOut("with-mcp", script(call, { text: "ok" })),
    carryOut("codex-with-mcp", script(listed, { text: "ok" })),
    carryOut("lacking", script({ text: "never" })),
  ]);
  const proof = `cba ${sha(`k-${given}`)} k-${"*".repeat(given.length)}`;
  expect(claude).toMatchObject({ status: "succeeded", result: "ok" });
  expect(await transcriptOf(claude.id)).toContain(proof);
  const [attempt] = await attemptsOf(claude.id);
  const file = readFileSync(join(attempt?.controlPath ?? "", "mcp.json"), "utf8");
  expect(JSON.parse(file).mcpServers.tiny.env).toEqual({ API_KEY: `\${${"COPPICE_MCP_1"}}` });
  const [codexAttempt] = await attemptsOf(codex.id);
  const stream = (await trial.outputOf(codexAttempt?.id as never)).toString();
  expect(stream).toMatch(/"name":"tiny","status":"ready"/);
  expect(lacking).toMatchObject({ status: "failed", endReason: "secrets_failed" });
  expect(lacking.error).toMatch(/NOWHERE/);
}, 60_000);

it("lets a repository's own configuration take effect only once that content is approved", async () => {
  const origin = join(trial.home, "stranger");
  const touch = (name: string) => `touch fired-${name}`;
  const hooks = { SessionStart: [{ hooks: [{ type: "command", command: touch("hook") }] }] };
  const evil = { command: "sh", args: ["-c", `${touch("mcp")}; cat`] };
  runGit(trial.home, "init", "-q", "-b", "main", origin);
  writeTree(origin, {
    ".claude/settings.json": JSON.stringify({ hooks, env: { FROM_REPOSITORY: "yes" } }),
    ".mcp.json": JSON.stringify({ mcpServers: { evil } }),
    ".codex/config.toml": `[mcp_servers.evil]\ncommand = "sh"\nargs = ["-c", '${touch("codex")}; cat']\n`,
    "CLAUDE.md": "Be kind to strangers.\n",
  });
  commitAll(origin, "Bring a configuration");
  const { db } = trial.database;
  await db
    .insert(repositories)
    .values({ name: "stranger", origin, defaultBranch: "main", createdBy: "member:Tess" });
  const look = "ls fired-* ; env | grep FROM_REPOSITORY; true";
  const both = (first: string) =>
    Promise.all([
      carryOut("claude", script(bash(look), { text: "claude is done" }), "stranger"),
      carryOut("codex", script(exec(first + look), { text: "codex is done" }), "stranger"),
    ]);

  const without = await both("");
  for (const run of without) {
    expect(run, run.error ?? "").toMatchObject({ status: "succeeded", commits: 0 });
    const notice = (await trial.eventsOf(run.id)).find(({ kind }) => kind === "notice");
    expect(notice?.data).toMatchObject({
      text: expect.stringMatching(/not approved, so the agent works without it/),
      link: "/repositories/stranger#agent-configuration",
    });
    expect(await transcriptOf(run.id)).not.toMatch(/fired-\w|FROM_REPOSITORY=yes/);
  }
  expect(ask("Be kind to strangers.")).toBe(true);

  const input = { name: "stranger" };
  const { items } = await setAgentConfigPolicy(trial.context(), { ...input, policy: "refuse" });
  expect(items).toHaveLength(1);
  expect(items[0]?.files.map(({ path, isGated }) => [path, isGated])).toEqual([
    [".claude/settings.json", true],
    [".codex/config.toml", true],
    [".mcp.json", true],
    ["CLAUDE.md", false],
  ]);
  const refused = await carryOut("claude", "do it", "stranger");
  expect(refused).toMatchObject({ status: "failed", endReason: "config_not_approved", pid: null });

  const { sha256 = "" } = items[0] ?? {};
  await judgeAgentConfig(trial.context(), { ...input, sha256, isApproved: true });
  const [claude, codex] = await both("until [ -e fired-codex ]; do sleep 0.02; done; ");
  expect(await transcriptOf(claude.id)).toMatch(/fired-hook/);
  expect(await transcriptOf(claude.id)).toMatch(/FROM_REPOSITORY=yes/);
  expect(await transcriptOf(codex.id)).toMatch(/fired-codex/);

  writeTree(origin, { ".claude/settings.json": JSON.stringify({ hooks }) });
  commitAll(origin, "Change it");
  expect(await carryOut("codex", "do it", "stranger")).toMatchObject({
    endReason: "config_not_approved",
  });
}, 90_000);

const sha = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);
