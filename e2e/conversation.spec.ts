import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { checkAccessibility } from "./check-accessibility";
import { api, expect, test, uniqueName } from "./coppice";
import { script } from "./model-server.mjs";

const write = { command: "echo hi > hi.txt", description: "Write hi" };
const waitForGo = { command: "until [ -e go ]; do sleep 0.1; done", description: "Wait" };

const status = (page: Page, word: string) =>
  page.locator("main").getByText(word, { exact: true }).first();
const dock = (page: Page) => page.getByRole("region", { name: "Conversation" }).last();

async function defineAgent(permissions: string, extra: Record<string, unknown> = {}) {
  const name = uniqueName("talker");
  await api.call("POST", "/workflows", { name, agent: "claude-code", permissions, ...extra });
  return name;
}

test("I am asked by a real Claude Code, allow it with the keyboard alone, and it goes on", async ({
  page,
}) => {
  const workflow = await defineAgent("ask");
  const task = `Say hi. ${script({ text: "I need a file.", tool: "Bash", input: write }, { text: "It is written." })}`;
  const run = await api.start(workflow, task);
  await page.goto(`/runs/${run.id}?tab=output`);
  await expect(page.getByRole("link", { name: "waits for you", exact: true })).toBeVisible();
  await expect(page).toHaveTitle(/^\(\d+\) /);

  await page.keyboard.press("q");
  await expect(page.getByRole("tab", { name: /^Activity/ })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  const card = dock(page).getByRole("article", { name: "May the agent use Bash?" });
  await expect(card).toContainText(write.command);
  await expect(card).toContainText(/Denied by itself in/);
  await checkAccessibility(page);
  await expect(async () => {
    await page.keyboard.press("q");
    await expect(card).toBeFocused({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press("a");

  await expect(status(page, "Succeeded")).toBeVisible();
  await expect(card).toBeHidden();
  await expect(page.getByText("It is written.").first()).toBeVisible();
  await expect(page.getByRole("log").locator("[data-settled=allowed]")).toContainText(
    "Allowed by Ada Admin",
  );
  expect(await api.waitForEnd(run.id)).toMatchObject({ status: "succeeded", filesChanged: 1 });
});

test("I say something to an agent at work and see that it has read it", async ({ page }) => {
  const workflow = await defineAgent("allow_list", { allowedTools: ["Bash"] });
  const task = `Wait for me. ${script({ text: "Waiting.", tool: "Bash", input: waitForGo }, { text: "Understood." })}`;
  const { id } = await api.start(workflow, task);
  await page.goto(`/runs/${id}`);
  await expect(page.getByRole("log").getByText("Waiting.")).toBeVisible();
  const box = dock(page).getByRole("textbox", { name: "Message to the agent" });
  await expect(box).toBeVisible();

  await page.getByRole("tab", { name: /^Activity/ }).blur();
  await page.keyboard.press("m");
  await expect(box).toBeFocused();
  await page.keyboard.type("Greet Bob as well.");
  await page.reload();
  await expect(box).toHaveValue("Greet Bob as well.");
  await box.press("Control+Enter");
  await expect(box).toHaveValue("");
  const told = page.getByRole("log").getByText("Greet Bob as well.");
  await expect(told).toBeVisible();
  await expect(page.locator("[data-receipt=handed_over]")).toHaveCount(1);

  const { workspace } = await api.run(id);
  writeFileSync(path.join(workspace.path ?? "", "go"), "");
  await expect(page.locator("[data-receipt=read]")).toHaveCount(1);
  await expect(told).toHaveCount(1);
  await expect(status(page, "Succeeded")).toBeVisible();

  await dock(page).getByRole("textbox", { name: "Continue the session" }).fill("And now rest.");
  await dock(page).getByRole("button", { name: "Send and run" }).click();
  await page.waitForURL((url) => !url.pathname.includes(id));
  await expect(status(page, "Ended")).toBeVisible();
});

test("I deny from the overview with a reason and read the whole conversation on its session", async ({
  page,
}) => {
  const workflow = await defineAgent("ask");
  const needle = uniqueName("errand");
  const task = `${needle} ${script({ text: "May I?", tool: "Bash", input: write }, { text: "Then not." })}`;
  const run = await api.start(workflow, task);
  await page.goto("/");
  const card = page.getByRole("article").filter({ hasText: needle });
  await card.getByRole("button", { name: /^Deny/ }).click();
  await card.getByRole("textbox", { name: "Reason, for the agent" }).fill("not in this tree");
  await checkAccessibility(page);
  await card.getByRole("button", { name: "Deny", exact: true }).click();
  await expect(card).toBeHidden();
  expect(await api.waitForEnd(run.id)).toMatchObject({ status: "succeeded" });

  await page.goto(`/sessions/${run.sessionId}`);
  await expect(page.getByText("Then not.").first()).toBeVisible();
  await page.getByRole("button", { name: /^Show what it did/ }).click();
  await expect(page.locator("[data-settled=denied]")).toContainText("not in this tree");
  await checkAccessibility(page);
  await dock(page).getByRole("textbox", { name: "Continue the session" }).fill("Once more.");
  await dock(page).getByRole("button", { name: "Send and run" }).click();
  await expect(page.getByRole("group").filter({ hasText: "Once more." }).first()).toBeVisible();
});
