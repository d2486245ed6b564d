import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "@playwright/test";
import { api, coppice, expect, test, uniqueName } from "./coppice";
import { e2e } from "./place";

const runStatus = (page: Page) => page.locator("main [data-status]").first();

test("Two people see at once what a third does by the command line, in the list and on the page", async ({
  browser,
}) => {
  const workflow = uniqueName("waiter");
  await api.defineShell(workflow, "echo up; sleep 600");
  const signedIn = { storageState: e2e.signInFile };
  const [one, two] = await Promise.all([
    browser.newContext(signedIn),
    browser.newContext(signedIn),
  ]);
  const [list, detail] = await Promise.all([one.newPage(), two.newPage()]);
  const run = await api.start(workflow, uniqueName("watched"));
  await list.goto(`/runs?workflow=${workflow}`);
  await detail.goto(`/runs/${run.id}`);
  await expect(runStatus(list)).toHaveAttribute("data-status", "running");
  await expect(runStatus(detail)).toHaveAttribute("data-status", "running");
  await Promise.all(
    [list, detail].map((page) => page.evaluate(() => Object.assign(window, { isSame: true }))),
  );

  const { code } = await coppice("cancel", run.id);
  expect(code).toBe(0);
  await expect(runStatus(list)).toHaveAttribute("data-status", "cancelled");
  await expect(runStatus(detail)).toHaveAttribute("data-status", "cancelled");
  const wasReloaded = await Promise.all(
    [list, detail].map((page) => page.evaluate(() => !("isSame" in window))),
  );
  expect(wasReloaded).toEqual([false, false]);
  await Promise.all([one.close(), two.close()]);
});

/** Counts the streams that a browser holds open. */
function countStreams(context: BrowserContext): () => number {
  const open = new Set<unknown>();
  context.on("request", (request) => {
    if (request.url().includes("live.stream")) open.add(request);
  });
  context.on("requestfinished", (request) => open.delete(request));
  context.on("requestfailed", (request) => open.delete(request));
  return () => open.size;
}

test("Ten tabs of a browser hold one stream, and each of them sees the change", async ({
  browser,
}) => {
  const workflow = uniqueName("tabs");
  await api.defineShell(workflow, "echo up; sleep 600");
  const run = await api.start(workflow);
  const context = await browser.newContext({ storageState: e2e.signInFile });
  const streams = countStreams(context);
  const tabs: Page[] = [];
  for (let index = 0; index < 10; index++) {
    const page = await context.newPage();
    await page.goto(`/runs/${run.id}`);
    tabs.push(page);
  }
  for (const page of tabs) await expect(runStatus(page)).toHaveAttribute("data-status", "running");
  expect(streams()).toBe(1);
  await api.call("POST", `/runs/${run.id}/cancel`, {});
  for (const page of tabs) {
    await expect(runStatus(page)).toHaveAttribute("data-status", "cancelled");
  }
  expect(streams()).toBe(1);
  await context.close();
});

/** The web process: the supervisor's child that serves pages. */
function findWebPid(): number {
  const supervisor = process.env.COPPICE_E2E_PID ?? "";
  const children = readFileSync(`/proc/${supervisor}/task/${supervisor}/children`, "utf8");
  const pids = children.trim().split(" ").map(Number);
  const web = pids.find((pid) => /next/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8")));
  if (!web) throw new Error(`no web process among ${pids.join(", ")}`);
  return web;
}

test("A page catches up by itself after the web process was killed", async ({ page }) => {
  const workflow = uniqueName("survivor");
  await api.defineShell(workflow, "for i in 1 2 3 4 5 6; do echo line $i; sleep 1; done");
  const run = await api.start(workflow);
  await page.goto(`/runs/${run.id}`);
  await expect(runStatus(page)).toHaveAttribute("data-status", "running");
  process.kill(findWebPid(), "SIGKILL");
  await expect(runStatus(page)).toHaveAttribute("data-status", "succeeded", { timeout: 40_000 });
  await expect(page.getByRole("region", { name: "Output" }).getByText("line 6")).toBeVisible();
  expect(await api.waitForEnd(run.id)).toMatchObject({ status: "succeeded", attempt: 1 });
});
