import { expect, test } from "@playwright/test";
import { e2e } from "./place";

test("The link of the console makes the first account, once", async ({ page, browser }) => {
  const link = process.env.COPPICE_E2E_SETUP_URL ?? "";
  await page.goto(link);
  await expect(page).toHaveURL(/\/setup$/);
  await page.getByLabel("Name").fill(e2e.account.name);
  await page.getByLabel("Email").fill(e2e.account.email);
  await page.getByLabel("Password").fill(e2e.account.password);
  await page.getByRole("button", { name: "Make the account" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await page.context().storageState({ path: e2e.signInFile });

  const second = await (await browser.newContext()).newPage();
  await second.goto(link);
  const form = second.getByRole("button", { name: "Make the account" });
  if (await form.isVisible()) {
    await second.getByLabel("Name").fill("Mallory");
    await second.getByLabel("Email").fill("mallory@example.org");
    await second.getByLabel("Password").fill(e2e.account.password);
    await form.click();
  }
  await expect(second.getByText(/already/i).first()).toBeVisible();
  await second.context().close();
});
