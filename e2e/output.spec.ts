import { createHash } from "node:crypto";
import { api, expect, test, uniqueName } from "./coppice";

const floodBytes = 100 * 1024 * 1024;

test("A run that printed 100 MB opens at its end, scrolls, and its download is whole", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const workflow = uniqueName("flood");
  const command = `yes "$(printf 'y%.0s' $(seq 1 99))" | head -c ${floodBytes - 9}; printf 'last line'`;
  await api.defineShell(workflow, command);
  const run = await api.waitForEnd((await api.start(workflow)).id);
  expect(run).toMatchObject({ status: "succeeded", outputBytes: floodBytes });

  await page.goto(`/runs/${run.id}`);
  const output = page.getByRole("region", { name: "Output" });
  await expect(output.getByText("last line")).toBeVisible();
  const before = await output.evaluate((element) => element.scrollTop);
  await output.hover();
  await page.mouse.wheel(0, -4000);
  await expect.poll(() => output.evaluate((element) => element.scrollTop)).toBeLessThan(before);
  await expect(output.getByText(/^y{99}$/).first()).toBeVisible();
  const nodes = await output.evaluate((element) => element.querySelectorAll("*").length);
  expect(nodes).toBeLessThan(2_000);

  const response = await api.raw("GET", `/runs/${run.id}/output?from=0`);
  const hash = createHash("sha256");
  for await (const chunk of response.body ?? []) hash.update(chunk as Uint8Array);
  const line = `${"y".repeat(99)}\n`;
  const expected = createHash("sha256");
  const whole = line.repeat(Math.ceil(floodBytes / 100)).slice(0, floodBytes - 9);
  expect(hash.digest("hex")).toBe(expected.update(whole).update("last line").digest("hex"));
});
