import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { config } from "@/proxy";
import { answerAtDoor } from "./answer-at-door";

beforeAll(() => {
  vi.stubEnv("PORT", "3000");
  vi.stubEnv("HOST", "127.0.0.1");
  vi.stubEnv("COPPICE_URL", "https://coppice.example.com");
});
afterAll(() => vi.unstubAllEnvs());

function ask(host: string, answer: () => Promise<Response>): Promise<Response> {
  return answerAtDoor(
    new Request("http://localhost:3000/api/v1/runs", { headers: { host } }),
    answer,
  );
}

test("asks nobody for a foreign Host", async () => {
  for (const host of ["evil.example", "localhost:4000", "127.0.0.1.evil.example:3000", ""]) {
    const answer = vi.fn(async () => Response.json({}));
    const response = await ask(host, answer);
    expect([host, response.status]).toEqual([host, 421]);
    expect(answer).not.toHaveBeenCalled();
  }
});

test("answers to our own hosts, with the security headers that the answer lacks", async () => {
  for (const host of ["localhost:3000", "127.0.0.1:3000", "coppice.example.com"]) {
    const own = { "content-security-policy": "default-src 'none'; sandbox" };
    const response = await ask(host, async () => Response.json({ is: "here" }, { headers: own }));
    expect(await response.json()).toEqual({ is: "here" });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...own,
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
  }
});

test("stands before every route below /api, which the proxy leaves out, and before no other", () => {
  const routes = readdirSync("app", { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "route.ts")
    .map((file) => path.join("app", file));
  const atDoor = routes.filter((file) => readFileSync(file, "utf8").includes("answerAtDoor("));
  const handedOn = 'export { GET } from "@/app/api/';
  const below = routes.filter(
    (file) => file.startsWith("app/api/") && !readFileSync(file, "utf8").includes(handedOn),
  );
  expect(below.length).toBeGreaterThan(5);
  expect(atDoor.sort()).toEqual(below.sort());
  const matcher = new RegExp(`^${config.matcher[0]}$`);
  expect(["/", "/runs/1", "/runs/1/output", "/api", "/_next/a.js"].every(passes)).toBe(true);
  expect(["/api/v1/runs", "/api/trpc/x", "/api/unknown"].some(passes)).toBe(false);

  function passes(path: string): boolean {
    return matcher.test(path);
  }
});
