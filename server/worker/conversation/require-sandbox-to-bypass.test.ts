import { expect, it } from "vitest";
import { codexContext } from "@/server/agents/testing-codex";
import { requireSandboxToBypass } from "./require-sandbox-to-bypass";

it("lets an agent that asks nobody run in a sandbox only", () => {
  for (const permissions of ["ask", "accept_edits", "allow_list"] as const) {
    requireSandboxToBypass({ ...codexContext, permissions, isSandboxed: false });
  }
  requireSandboxToBypass({ ...codexContext, permissions: "bypass", isSandboxed: true });
  const onHost = { ...codexContext, permissions: "bypass" as const, isSandboxed: false };
  expect(() => requireSandboxToBypass(onHost)).toThrow(/allowed only in a sandbox/);
});
