import { readFileSync } from "node:fs";
import { api, expect, test, uniqueName } from "./coppice";

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
  await expect(page.locator("main [data-status]").first()).toHaveAttribute(
    "data-status",
    "running",
  );
  process.kill(findWebPid(), "SIGKILL");
  await expect(page.locator("main [data-status]").first()).toHaveAttribute(
    "data-status",
    "succeeded",
    { timeout: 40_000 },
  );
  await expect(page.getByRole("region", { name: "Output" }).getByText("line 6")).toBeVisible();
  expect(await api.waitForEnd(run.id)).toMatchObject({ status: "succeeded", attempt: 1 });
});
