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

test("A page that is long on its way shows what happened meanwhile", async ({ page }) => {
  const workflow = uniqueName("overtaken");
  await api.defineShell(workflow, "echo up; sleep 600");
  const run = await api.start(workflow);
  await page.goto(`/runs?workflow=${workflow}`);
  await expect(runStatus(page)).toHaveAttribute("data-status", "running");

  let heldPages = 0;
  await page.route(`**/runs/${run.id}?_rsc=*`, async (route) => {
    if (route.request().headers()["next-router-prefetch"]) return route.continue();
    const response = await route.fetch();
    heldPages += 1;
    await api.call("POST", `/runs/${run.id}/cancel`, {});
    // The tab has been told by now; the page that says otherwise comes after.
    await expect(runStatus(page)).toHaveAttribute("data-status", "cancelled");
    await route.fulfill({ response });
  });
  await page.locator(`main a[href="/runs/${run.id}"]`).first().click();
  await expect(page.getByRole("heading", { level: 1, name: `#${run.number}` })).toBeVisible();
  await expect(runStatus(page)).toHaveAttribute("data-status", "cancelled");
  expect(heldPages).toBe(1);
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
  test.setTimeout(150_000); // ten whole pages, one after another
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
