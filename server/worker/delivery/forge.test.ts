import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { connectForge } from "@/server/delivery/forge/connect-forge";
import { type Forge, ForgeAway, ForgeRefused } from "@/server/delivery/forge/forge";
import { requestPull } from "@/server/delivery/forge/request-pull";
import { serveGithub } from "./testing";

let github: Awaited<ReturnType<typeof serveGithub>>;
let forge: Forge;
const origin = "git@github.com:acme/app.git";
const text = { title: "T", body: "B" };
const environment = () => ({ COPPICE_GITHUB_TOKEN: "t", COPPICE_GITHUB_API: `${github.url}/` });

beforeAll(async () => {
  github = await serveGithub();
  const connected = connectForge(environment() as never, origin);
  if (!connected) throw new Error("no forge");
  forge = connected;
});
afterAll(() => github.close());
beforeEach(() => {
  github.pulls.length = 0;
  github.asked.length = 0;
});

it("uses no forge without a token, of a local path, or of another host", () => {
  expect(connectForge({} as never, origin)).toBeNull();
  expect(connectForge(environment() as never, "/srv/app.git")).toBeNull();
  expect(connectForge(environment() as never, "git@gitlab.com:acme/app.git")).toBeNull();
});

it("opens one request, finds it again, follows it by its tag and closes it", async () => {
  expect(await requestPull(forge, "work", "main", text)).toMatchObject({
    number: 1,
    state: "open",
  });
  expect(await requestPull(forge, "work", "main", { ...text, title: "U" })).toMatchObject({
    number: 1,
  });
  expect(github.pulls).toMatchObject([{ title: "U", head: "work", base: "main" }]);
  const seen = await forge.read(1, null);
  expect(seen?.request.state).toBe("open");
  expect(await forge.read(1, seen?.etag ?? null)).toBeNull();
  Object.assign(github.pulls[0] ?? {}, { state: "closed", merged_at: "2026-01-01T00:00:00Z" });
  expect((await forge.read(1, seen?.etag ?? null))?.request.state).toBe("merged");
  await forge.open("other", "main", text);
  expect(await forge.close(2)).toMatchObject({ state: "closed" });
});

it("takes the request that somebody else opened at the same moment", async () => {
  const known = await forge.open("work", "main", text);
  const hidden: Forge = {
    ...forge,
    findOpen: async (...args) => (isFirst() ? null : forge.findOpen(...args)),
  };
  let asks = 0;
  const isFirst = () => asks++ === 0;
  expect(await requestPull(hidden, "work", "main", { ...text, title: "Mine" })).toMatchObject({
    number: known.number,
  });
  expect(github.pulls).toMatchObject([{ title: "Mine" }]);
});

it.each([
  [401, {}, ForgeRefused, /valid/],
  [403, {}, ForgeRefused, /right to write/],
  [404, {}, ForgeRefused, /may not see/],
  [301, { location: "https://elsewhere.example.org" }, ForgeRefused, /new address/],
  [422, {}, ForgeRefused, /Open the pull request/],
  [403, { "x-ratelimit-remaining": "0" }, ForgeAway, null],
  [429, { "retry-after": "5" }, ForgeAway, null],
  [502, {}, ForgeAway, null],
])("tells an answer %i with %j apart", async (status, headers, kind, hint) => {
  github.failWith({ status, headers, body: { message: "said so" } });
  const error = await forge.findOpen("work", "main").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).toContain(`${status}: said so`);
  if (hint) expect((error as ForgeRefused).hint).toMatch(hint);
  expect(github.asked).toHaveLength(1);
});

it("knows that nothing was said when nobody answers, or somebody else does", async () => {
  github.failWith({ status: 200, body: { not: "a list" } });
  await expect(forge.findOpen("work", "main")).rejects.toBeInstanceOf(ForgeAway);
  const nobody = { ...environment(), COPPICE_GITHUB_API: "http://127.0.0.1:9" };
  const away = connectForge(nobody as never, origin);
  await expect(away?.findOpen("work", "main")).rejects.toBeInstanceOf(ForgeAway);
});
