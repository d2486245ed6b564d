import type { Page } from "@playwright/test";
import { checkAccessibility } from "./check-accessibility";
import { api, expect, test, uniqueName } from "./coppice";

const work = [
  "mkdir -p src/deep/er",
  "printf 'const first = 1;\\nconst second = 2;\\nconst third = 3;\\n' > src/deep/er/code.ts",
  "echo note >> notes.txt",
  "git add -A; git commit -qm 'Add code'",
  "printf '%s' \"$COPPICE_MESSAGE\" > told.txt",
].join("\n");

/** Puts the pointer on a line and presses the “+” that comes up beside its number. */
async function commentOn(page: Page, line: string, body: string) {
  await page.getByText(line, { exact: true }).first().hover();
  await page.locator("diffs-container [data-utility-button]:visible").first().click();
  const form = page.getByRole("form", { name: /^Comment on/ });
  await form.getByLabel("Comment").fill(body);
  await form.getByRole("button", { name: "Add to the review" }).click();
  await expect(page.getByRole("article").filter({ hasText: body })).toBeVisible();
}

test("I comment on two lines of what a run changed, send the review, and the next run is told", async ({
  page,
}) => {
  const workflow = uniqueName("reviewed");
  await api.defineShell(workflow, work);
  const first = await api.waitForEnd((await api.start(workflow, "write code")).id);
  await page.goto(`/runs/${first.id}?tab=changes`);
  const files = page.getByRole("navigation", { name: "Files" });
  await expect(files.getByText("src/deep/er")).toBeVisible();
  await files.getByRole("button", { name: /code\.ts/ }).click();
  await commentOn(page, "const first = 1;", "Give it a better name.");
  await commentOn(page, "const third = 3;", "Why a third one?");
  await checkAccessibility(page);

  await page.keyboard.press("Escape");
  const box = page.getByRole("checkbox", { name: /code\.ts/ });
  await box.check();
  await expect(page.getByText(/^1 of \d+ viewed$/)).toBeVisible();
  await page.reload();
  await expect(box).toBeChecked();
  await expect(page.getByText("const third = 3;")).toBeHidden();

  const bar = page.getByRole("region", { name: "Review" });
  await expect(bar.getByText("2 comments to send")).toBeVisible();
  await bar.getByRole("button", { name: "Review" }).click();
  await bar.getByLabel("Overall note").fill("Two things.");
  await bar.getByRole("button", { name: "Send as the next run" }).click();
  const link = bar.getByRole("link", { name: /^sent to #/ }).first();
  await expect(link).toBeVisible();
  const next = await api.waitForEnd((await link.getAttribute("href"))?.split("/").at(-1) ?? "");
  expect(next.sessionId).toBe(first.sessionId);
  expect(next.message).toContain("Two things.");
  expect(next.message).toContain(
    "`src/deep/er/code.ts`, line 1:\n\n```\nconst first = 1;\n```\n\nGive it a better name.",
  );
  expect(next.message).toContain(
    "`src/deep/er/code.ts`, line 3:\n\n```\nconst third = 3;\n```\n\nWhy a third one?",
  );
  // The next run wrote the same lines again.
  await page.reload();
  await bar.getByRole("button", { name: "Review" }).click();
  await expect(bar.getByText("untouched")).toHaveCount(2);
});
