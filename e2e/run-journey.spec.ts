import type { Page } from "@playwright/test";
import { checkAccessibility } from "./check-accessibility";
import { api, expect, test, uniqueName } from "./coppice";
import { script } from "./model-server.mjs";

async function startFromForm(page: Page, workflow: string, message: string): Promise<string> {
  await page.goto("/runs/new");
  await page.getByLabel("Workflow").selectOption(workflow);
  await page.getByLabel("Repository").selectOption("sample");
  await page.getByLabel("Message").fill(message);
  await page.getByRole("button", { name: "Start the run" }).click();
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  return page.url().split("/").at(-1) ?? "";
}

const status = (page: Page, word: string) =>
  page.getByRole("banner").or(page.locator("main")).getByText(word, { exact: true }).first();

const tab = (page: Page, name: string) => page.getByRole("tab", { name: new RegExp(`^${name}`) });

test("I run the sample script and see its ids, workspace, branch and commit, all true @phone", async ({
  page,
}) => {
  const id = await startFromForm(page, "script", "Say hello from the browser");
  await expect(status(page, "Succeeded")).toBeVisible();
  const run = await api.run(id);
  const card = page.getByRole("complementary", { name: "Identity" });
  const facts = [
    run.id,
    run.sessionId,
    run.agentSessionId,
    run.attemptId,
    run.workspace.path,
    run.workspace.branch,
    String(run.pid),
    run.workspace.baseCommit?.slice(0, 12),
    run.workspace.headCommit?.slice(0, 12),
  ];
  for (const fact of facts)
    await expect(card.getByText(fact ?? "?", { exact: true })).toBeVisible();

  await tab(page, "Commits").click();
  await expect(
    page.getByRole("button", { name: /Note: Say hello from the browser/ }),
  ).toBeVisible();
  await page.getByRole("button", { name: /Note: Say hello from the browser/ }).click();
  await expect(page.getByText(/Say hello from the browser \(run/).first()).toBeVisible();

  await tab(page, "Output").click();
  await expect(page.getByRole("region", { name: "Output" }).getByText("Done.")).toBeVisible();
  await tab(page, "Timeline").click();
  await expect(page.getByText("Ada Admin").first()).toBeVisible();
  await checkAccessibility(page);
});

test("I watch a real Claude Code work and read what it said, did and committed", async ({
  page,
}) => {
  const workflow = uniqueName("coder");
  await api.call("POST", "/workflows", {
    name: workflow,
    agent: "claude-code",
    allowedTools: ["Bash", "Write"],
  });
  const message = `Greet them. ${script(
    { text: "Let me write it.", tool: "Write", input: { file_path: "hi.txt", content: "hi\n" } },
    {
      tool: "Bash",
      input: { command: "git add -A && git commit -qm 'Add hi'", description: "Commit" },
    },
    { text: "All is written and committed." },
  )}`;
  const id = await startFromForm(page, workflow, message);
  await expect(page.getByText("Let me write it.").first()).toBeVisible();
  await expect(status(page, "Succeeded")).toBeVisible();
  await expect(page.getByText("All is written and committed.").first()).toBeVisible();
  const run = await api.run(id);
  expect(run).toMatchObject({ status: "succeeded", commits: 1, filesChanged: 1 });
  await expect(page.getByText(run.agentSessionId ?? "?").first()).toBeVisible();
  await tab(page, "Commits").click();
  await expect(page.getByRole("button", { name: "Add hi" })).toBeVisible();
  await checkAccessibility(page);
});

test("I cancel a run and the page says who did it and that nothing of it lives", async ({
  page,
}) => {
  const workflow = uniqueName("endless");
  await api.defineShell(workflow, "echo up; sleep 600");
  const id = await startFromForm(page, workflow, "never ends");
  await expect(status(page, "Running")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("enough seen");
  await dialog.getByRole("button", { name: /^Cancel/ }).click();
  await expect(status(page, "Cancelled")).toBeVisible();
  expect(await api.run(id)).toMatchObject({ endReason: "cancelled_by_operator" });
  await tab(page, "Timeline").click();
  await expect(page.getByText(/enough seen/).first()).toBeVisible();
});

test("I continue a session with a new message in the same workspace", async ({ page }) => {
  const first = await api.waitForEnd((await api.start("script", "first")).id);
  await page.goto(`/runs/${first.id}`);
  await page.getByRole("button", { name: "Continue" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Message").fill("second");
  await dialog.getByRole("button", { name: "Send and run" }).click();
  await page.waitForURL(
    (url) => url.pathname.startsWith("/runs/") && !url.pathname.includes(first.id),
  );
  await expect(status(page, "Succeeded")).toBeVisible();
  const second = await api.run(page.url().split("/").at(-1) ?? "");
  expect(second.workspace.path).toBe(first.workspace.path);
  expect(second.sessionId).toBe(first.sessionId);
});

test("I make the same run again with one click and the old one stays as it was", async ({
  page,
}) => {
  const first = await api.waitForEnd((await api.start("script", "as before")).id);
  await page.goto(`/runs/${first.id}`);
  await page.getByRole("button", { name: "Rerun" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /rerun/i }).click();
  await page.waitForURL(
    (url) => url.pathname.startsWith("/runs/") && !url.pathname.includes(first.id),
  );
  await expect(status(page, "Succeeded")).toBeVisible();
  const { availableActions: _, ...before } = first;
  expect(await api.run(first.id)).toMatchObject(before);
});

test("I find a run by any of its ids", async ({ page }) => {
  const run = await api.waitForEnd((await api.start("script", uniqueName("needle"))).id);
  await page.goto("/");
  const box = page.getByRole("combobox", { name: /Find a run/ });
  const keys = [
    run.sessionId,
    run.workspace.headCommit ?? "",
    `#${run.number}`,
    run.workspace.branch ?? "",
  ];
  for (const key of keys) {
    await box.fill(key);
    await expect(page.getByRole("option").filter({ hasText: `#${run.number}` })).toBeVisible();
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(run.id));
});
