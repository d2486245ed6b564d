import { api, coppice, expect, test, uniqueName } from "./coppice";

interface Refusal {
  error: { code: string; message: string; hint?: string; fields?: Record<string, string> };
}

async function refusal(method: string, path: string, body: unknown) {
  const response = await api.raw(method, path, body);
  const { error } = (await response.json()) as Refusal;
  return { status: response.status, ...error };
}

const run = (extra: Record<string, unknown>) => ({
  workflow: "script",
  repository: "sample",
  message: "do it",
  ...extra,
});

const countOf = async (path: string) =>
  (await api.call<{ items: unknown[] }>("GET", path)).items.length;

test("Bad input to start a run is refused by name and leaves nothing behind", async () => {
  const marker = uniqueName("refused");
  const cases: [Record<string, unknown>, number, string][] = [
    [{ workflow: "nope" }, 404, "workflow"],
    [{ repository: "nope" }, 404, "repository"],
    [{ sessionId: "00000000-0000-4000-8000-000000000000" }, 404, "sessionId"],
    [{ message: "" }, 400, "message"],
    [{ message: "x".repeat(1 << 20) }, 400, "message"],
    [{ branch: "--upload-pack=x" }, 400, "branch"],
    [{ branch: "a..b" }, 400, "branch"],
    [{ branch: "a\nb" }, 400, "branch"],
    [{ surprise: true }, 400, "input"],
  ];
  for (const [extra, status, field] of cases) {
    const answer = await refusal("POST", "/runs", run({ message: marker, ...extra }));
    expect({ extra: Object.keys(extra), status: answer.status }).toEqual({
      extra: Object.keys(extra),
      status,
    });
    expect(answer.message).toBeTruthy();
    if (field !== "input") expect(answer.fields?.[field]).toBeTruthy();
  }
  expect(await countOf(`/runs?q=${marker}`)).toBe(0);
});

test("Bad repositories are refused by name and leave nothing behind", async () => {
  const before = await countOf("/repositories?limit=200");
  const origins = [
    "ext::sh -c touch% /tmp/pwned",
    "file:///etc",
    "-oProxyCommand=touch",
    "ssh://-oProxyCommand=touch/x",
    "http://example.org/x.git",
    "/no/such/folder",
    "/etc",
    "relative/path",
  ];
  for (const origin of origins) {
    const answer = await refusal("POST", "/repositories", { name: uniqueName("bad"), origin });
    expect([origin, answer.status >= 400 && answer.status < 500]).toEqual([origin, true]);
    expect(answer.hint ?? answer.fields?.origin).toBeTruthy();
  }
  expect(await countOf("/repositories?limit=200")).toBe(before);
});

test("A command that does not exist fails the run with a reason", async () => {
  const workflow = uniqueName("nocommand");
  await api.defineShell(workflow, "no-such-command-anywhere");
  const ended = await api.waitForEnd((await api.start(workflow)).id);
  expect(ended).toMatchObject({ status: "failed", endReason: "command_failed" });
  expect(ended.error).toContain("not found");
});

test("The command line follows a run and its exit code tells how it ended", async () => {
  const failing = uniqueName("failing");
  await api.defineShell(failing, "echo words of the run; exit 3");
  const good = await coppice("run", "script", "--repo", "sample", "-m", "by hand", "--follow");
  expect(good.code).toBe(0);
  expect(good.stdout).toContain("Done.");
  const bad = await coppice("run", failing, "--repo", "sample", "-m", "x", "--follow");
  expect(bad.code).toBe(2);
  expect(bad.stdout).toContain("words of the run");
  expect((await coppice("run")).code).toBe(64);
  const shown = await coppice("show", "1", "--json");
  expect(JSON.parse(shown.stdout)).toMatchObject({ number: 1 });
});

test("The form keeps what I typed when the server refuses it", async ({ page }) => {
  await page.goto("/runs/new?workflow=script&repository=sample");
  await page.getByLabel("Message").fill("keep these words");
  await page.getByText("Workspace, branch and limits").click();
  await page.getByLabel("Branch", { exact: true }).fill("a..b");
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(page.getByText(/not a usable branch name/).first()).toBeVisible();
  await expect(page.getByLabel("Message")).toHaveValue("keep these words");
  await page.getByLabel("Branch", { exact: true }).fill("good/branch");
  await page.getByRole("button", { name: "Start the run" }).click();
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
});
