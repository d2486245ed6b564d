import { afterAll, beforeAll, expect, test, vi } from "vitest";
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
