import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { NextRequest } from "next/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { config, proxy } from "./proxy";

beforeAll(() => {
  vi.stubEnv("PORT", "3000");
  vi.stubEnv("HOST", "127.0.0.1");
  vi.stubEnv("COPPICE_URL", "https://coppice.example.com");
});
afterAll(() => vi.unstubAllEnvs());

const cookie = "coppice.session_token=x.y";

function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Response {
  const all = { host: "localhost:3000", ...headers };
  return proxy(new NextRequest(`http://localhost:3000${path}`, { method, headers: all }));
}

test.each(["/", "/runs/1", "/_next/static/a.js", "/icon.svg"])(
  "answers nothing at %s for a foreign Host",
  async (path) => {
    for (const host of ["evil.example", "localhost:4000", "127.0.0.1.evil.example:3000", ""]) {
      const response = ask(path, { host, cookie, "x-middleware-subrequest": "proxy:proxy:proxy" });
      expect([host, response.status]).toEqual([host, 421]);
      expect(await response.text()).not.toContain("<");
    }
  },
);

test("sends a policy with a new nonce each time, and hands the same one to the page", () => {
  const nonces = [ask("/sign-in"), ask("/sign-in")].map((response) => {
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /script-src 'self' 'nonce-[^']+' 'strict-dynamic' 'wasm-unsafe-eval'(;|$)/,
    );
    for (const rule of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain("unsafe-eval' ");
    expect(response.headers.get("x-middleware-request-content-security-policy")).toBe(policy);
    return /nonce-([^']+)/.exec(policy)?.[1];
  });
  expect(new Set(nonces).size).toBe(2);
  expect(Buffer.from(nonces[0] ?? "", "base64")).toHaveLength(16);
});

test.each([
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["x-frame-options", "DENY"],
  ["permissions-policy", expect.stringContaining("camera=()")],
  ["access-control-allow-origin", null],
])("sends %s", (name, value) => {
  for (const path of ["/sign-in", "/runs/1/output", "/_next/static/a.js"]) {
    expect(ask(path, { origin: "https://evil.example" }).headers.get(name)).toEqual(value);
  }
});

test("leads whoever has no sign-in from pages to the sign-in page at the address they use", () => {
  for (const [host, target] of [
    ["localhost:3000", "http://localhost:3000/sign-in"],
    ["127.0.0.1:3000", "http://127.0.0.1:3000/sign-in"],
    ["coppice.example.com", "https://coppice.example.com/sign-in"],
  ] as const) {
    const response = ask("/runs/1", { host });
    expect([response.status, response.headers.get("location")]).toEqual([307, target]);
  }
});

test.each(["/sign-in", "/setup", "/runs/1/output", "/_next/static/a.js", "/icon.svg"])(
  "leads nobody away from %s",
  (path) => {
    expect(ask(path).headers.get("location")).toBeNull();
  },
);

test("lets a browser with a sign-in through to the pages", () => {
  for (const name of ["coppice.session_token", "__Secure-coppice.session_token"]) {
    expect(ask("/runs/1", { cookie: `a=b; ${name}=x.y` }).headers.get("location")).toBeNull();
  }
});

test("leaves out what is below /api, where every route has the door of its own", () => {
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
