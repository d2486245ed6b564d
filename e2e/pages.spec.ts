import { checkAccessibility } from "./check-accessibility";
import { api, expect, test } from "./coppice";

const pages = [
  ["Overview", "/"],
  ["Runs", "/runs"],
  ["New run", "/runs/new"],
  ["Repositories", "/repositories"],
  ["Workflows", "/workflows"],
  ["builder", "/workflows/builder"],
  ["Work", "/work"],
  ["Workspaces", "/workspaces"],
  ["Workers", "/workers"],
  ["Agents", "/agents"],
  ["Doctor", "/doctor"],
  ["Cleanup", "/cleanup"],
  ["Settings", "/settings/members"],
  ["Settings", "/settings/notifications"],
  ["Settings", "/settings/tokens"],
  ["Settings", "/settings/audit"],
] as const;

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });
    for (const [heading, address] of pages) {
      test(`The page ${address} has its heading and no fault that axe can find @phone`, async ({
        page,
      }) => {
        if (address === "/runs") await api.waitForEnd((await api.start("script", "for a list")).id);
        await page.goto(address);
        await expect(page.getByRole("heading", { name: heading }).first()).toBeVisible();
        await checkAccessibility(page);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
      });
    }
  });
}

test("Without a sign-in every page leads to the sign-in", async ({ browser }) => {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  for (const [, address] of pages) {
    await page.goto(address);
    await expect(page).toHaveURL(/\/sign-in/);
  }
  await checkAccessibility(page);
  await context.close();
});

test("A page that does not exist says so and leads on", async ({ page }) => {
  await page.goto("/runs/00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("main").getByText(/nothing at this address/i)).toBeVisible();
  await checkAccessibility(page);
});
