import { describe, expect, it } from "vitest";
import { findSecretNameFault, resolveSecrets, secretValueSchema } from "./secrets";

describe("a secret's name", () => {
  it.each(["NPM_TOKEN", "_X", "ANTHROPIC_API_KEY", "A1"])("may be %s", (name) => {
    expect(findSecretNameFault(name)).toBeNull();
  });

  it.each(["npm", "1A", "A-B", "A B", "", "A\n"])("may not be “%s”", (name) => {
    expect(findSecretNameFault(name)).toMatch(/capital letters/);
  });

  it.each([
    "PATH",
    "HOME",
    "LD_PRELOAD",
    "NODE_OPTIONS",
    "GIT_SSH_COMMAND",
    "BASH_ENV",
    "CODEX_HOME",
  ])("may not be %s, which changes how programs start", (name) =>
    expect(findSecretNameFault(name)).toMatch(/reserved/),
  );

  it("may not be one of Coppice's own", () => {
    expect(findSecretNameFault("COPPICE_RUN_ID")).toMatch(/reserved/);
  });
});

describe("a secret's value", () => {
  it.each([
    { what: "short", value: "1234567" },
    { what: "of one character", value: "xxxxxxxxxxxx" },
    { what: "with a NUL", value: "abcdefgh\0" },
    { what: "too long", value: "abc".repeat(6000) },
  ])("is refused when it is $what", ({ value }) => {
    expect(secretValueSchema.safeParse(value).success).toBe(false);
  });

  it("may have several lines", () => {
    expect(secretValueSchema.safeParse("-----BEGIN\nabcdefgh\r\n\tx\n").success).toBe(true);
  });
});

it("gives a run its repository's secrets, and its workflow's in place of those", () => {
  const found = [
    { scope: "workflow" as const, name: "BOTH", value: "of the workflow" },
    { scope: "repository" as const, name: "BOTH", value: "of the repository" },
    { scope: "repository" as const, name: "ONE", value: "one" },
  ];
  expect(resolveSecrets(found)).toEqual({ BOTH: "of the workflow", ONE: "one" });
});
