// `npm run screenshot` draws docs/screenshot.png anew; with `--all`, every page at desktop and phone
// width, light and dark, into .screenshots/ (never committed).
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "@playwright/test";
import { ensureBrowser } from "../e2e/ensure-browser.mjs";
import { script } from "../e2e/model-server.mjs";
import { startCoppice } from "../e2e/start-coppice.mjs";

const isAll = process.argv.includes("--all");
const token = "cop_shot0123456789abcdef0123456789abcdef0123";
const folder = mkdtempSync(path.join(tmpdir(), "coppice-shots-"));
const account = {
  name: "Ada Lovelace",
  email: "ada@example.org",
  password: "correct-horse-battery",
};

const emptyPages = [
  ["overview", "/"],
  ["runs", "/runs"],
  ["work", "/work"],
  ["workspaces", "/workspaces"],
  ["doctor", "/doctor"],
  ["cleanup", "/cleanup"],
];

const coppice = await startCoppice({
  environment: { COPPICE_WORKER_NAME: "forge" },
  port: await findFreePort(),
  home: path.join(folder, "home"),
  token,
});
const browser = await chromium.launch({ executablePath: ensureBrowser(), chromiumSandbox: false });
try {
  const state = await setUp();
  if (isAll) await shootAll(state, "empty", emptyPages);
  const run = await fill();
  if (isAll) await shootAll(state, "full", fullPages(run));
  await shootOne(state, run);
} finally {
  await browser.close();
  await coppice.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function setUp() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(coppice.setupUrl);
  if (isAll) await shoot(page, "setup");
  await page.getByLabel("Name").fill(account.name);
  await page.getByLabel("Email").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  const again = page.getByLabel(/again|confirm|repeat/i);
  if (await again.count()) await again.fill(account.password);
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/setup"));
  const state = await context.storageState();
  if (isAll) {
    const stranger = await browser.newPage();
    await stranger.goto(`${coppice.url}/sign-in`);
    await shoot(stranger, "sign-in");
    await stranger.close();
  }
  await context.close();
  return state;
}

/** A few runs of every kind, one of them still at work. */
async function fill() {
  const done = await start("builder", claudeTask());
  await waitForEnd(done.id);
  await Promise.all(
    ["Check the release notes", "Count the words again", "Note the meeting"].map(async (message) =>
      waitForEnd((await start("script", message)).id),
    ),
  );
  await call("POST", "/workflows", { name: "flaky", agent: "shell", command: "echo no; exit 3" });
  await call("POST", "/workflows", {
    name: "nightly",
    agent: "shell",
    workspace: "persistent",
    command: "for i in $(seq 1 2000); do echo step $i; sleep 0.2; done",
  });
  await waitForEnd((await start("flaky", "Try the flaky step")).id);
  await start("nightly", "Nightly maintenance of the indexes");
  await start("nightly", "The run after it waits for the workspace");
  return done;
}

function claudeTask() {
  const content = 'export function greet(name) {\n  return "Hello, " + name + "!";\n}\n';
  return `Add a greeting to the library and use it in the command.\n\n${script(
    {
      text: "I'll look at the project first.",
      tool: "Bash",
      input: { command: "ls && cat src/*.js", description: "Look around" },
    },
    { text: "Adding the function.", tool: "Write", input: { file_path: "src/greet.js", content } },
    {
      tool: "Bash",
      input: { command: "git add -A && git commit -qm 'Add greet'", description: "Commit" },
    },
    {
      text: "Added `greet` in src/greet.js and committed it. The existing tests were not touched.",
    },
  )}`;
}

async function call(method, path_, body) {
  const response = await fetch(`${coppice.url}/api/v1${path_}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path_}: ${JSON.stringify(answer)}`);
  return answer;
}

function start(workflow, message) {
  return call("POST", "/runs", { workflow, repository: "sample", message });
}

async function waitForEnd(id) {
  for (;;) {
    const run = await call("GET", `/runs/${id}`);
    if (["succeeded", "failed", "cancelled"].includes(run.status)) return run;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function fullPages(run) {
  return [
    ["overview", "/"],
    ["runs", "/runs"],
    ["run", `/runs/${run.id}`],
    ["run-commits", `/runs/${run.id}?tab=commits`],
    ["run-changes", `/runs/${run.id}?tab=changes`],
    ["run-output", `/runs/${run.id}?tab=output`],
    ["run-timeline", `/runs/${run.id}?tab=timeline`],
    ["new-run", "/runs/new"],
    ["session", `/sessions/${run.sessionId}`],
    ["repositories", "/repositories"],
    ["workflows", "/workflows"],
    ["workflow", "/workflows/builder"],
    ["workflow-edit", "/workflows/builder/edit"],
    ["work", "/work"],
    ["workspaces", "/workspaces"],
    ["workers", "/workers"],
    ["doctor", "/doctor"],
    ["cleanup", "/cleanup"],
    ["settings", "/settings"],
  ];
}

async function shootAll(storageState, kind, pages) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ]) {
      const context = await browser.newContext({
        storageState,
        colorScheme,
        viewport: { width, height },
      });
      const page = await context.newPage();
      for (const [name, address] of pages) {
        await page.goto(coppice.url + address);
        await shoot(page, `${kind}-${name}-${width}-${colorScheme}`);
      }
      await context.close();
    }
  }
}

async function shootOne(storageState, run) {
  const context = await browser.newContext({
    storageState,
    colorScheme: "light",
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  await page.goto(`${coppice.url}/runs/${run.id}?tab=commits`);
  await settle(page);
  await page.screenshot({ path: "docs/screenshot.png" });
  await context.close();
}

/** The stream keeps the network busy for ever, so a settled page is one whose skeletons are gone. */
async function shoot(page, name) {
  mkdirSync(".screenshots", { recursive: true });
  await settle(page);
  await page.screenshot({ path: `.screenshots/${name}.png` });
}

async function settle(page) {
  await page.waitForFunction(() => !document.querySelector("main [data-skeleton]"));
  const connection = page.getByRole("status").filter({ hasText: "Live" });
  if (await page.getByRole("navigation").count()) await connection.first().waitFor();
}

function findFreePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
