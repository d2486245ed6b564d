import { describe, expect, it } from "vitest";
import { limits } from "./limits";
import {
  findDefinitionFaults,
  repositoryNameSchema,
  workflowDefinitionSchema,
  workflowNameSchema,
} from "./workflow";

const shell = { agent: "shell", command: "true" } as const;

describe("a workflow's definition", () => {
  it("needs only an agent, and says what the rest is", () => {
    expect(workflowDefinitionSchema.parse({ agent: "claude-code" })).toEqual({
      description: "",
      agent: "claude-code",
      workspace: "temporary",
      sandbox: "auto",
    });
  });

  it("keeps everything that it was given", () => {
    const given = {
      ...{ description: "d", agent: "claude-code", model: "m-1", systemPrompt: "s", prompt: "p" },
      ...{ workspace: "persistent", maxTurns: 5, timeoutSeconds: 60, maxCostUsd: 0.5 },
      ...{ allowedTools: ["Bash(git:*)", "Read"], sandbox: "on" },
    };

    expect(workflowDefinitionSchema.parse(given)).toEqual(given);
  });

  it.each([
    ["an agent nobody knows", { agent: "robot" }],
    ["a field nobody knows", { ...shell, agnet: "x" }],
    ["no time at all", { ...shell, timeoutSeconds: 0 }],
    [
      "more time than a job may be held",
      { ...shell, timeoutSeconds: limits.maxTimeoutSeconds + 1 },
    ],
    ["half a turn", { ...shell, maxTurns: 1.5 }],
    ["a budget of nothing", { ...shell, maxCostUsd: 0 }],
    ["a model that is an option", { ...shell, model: "--dangerous" }],
    ["a tool that is an option", { ...shell, allowedTools: ["--dangerous"] }],
    ["two tools in one", { ...shell, allowedTools: ["Read,Write"] }],
    ["a command that is too long", { ...shell, command: "x".repeat(limits.maxCommandBytes + 1) }],
  ])("is refused with %s", (_why, definition) => {
    expect(workflowDefinitionSchema.safeParse(definition).success).toBe(false);
  });

  it("counts bytes, not characters", () => {
    const command = "ü".repeat(limits.maxCommandBytes / 2);

    expect(workflowDefinitionSchema.safeParse({ ...shell, command }).success).toBe(true);
    expect(workflowDefinitionSchema.safeParse({ ...shell, command: `${command}ü` }).success).toBe(
      false,
    );
  });

  it("has a command exactly when its agent takes one", () => {
    const faultsOf = (definition: unknown) =>
      Object.keys(findDefinitionFaults(workflowDefinitionSchema.parse(definition)));

    expect(faultsOf(shell)).toEqual([]);
    expect(faultsOf({ agent: "shell" })).toEqual(["command"]);
    expect(faultsOf({ agent: "shell", command: "  " })).toEqual(["command"]);
    expect(faultsOf({ agent: "claude-code" })).toEqual([]);
    expect(faultsOf({ agent: "claude-code", command: "x" })).toEqual(["command"]);
  });
});

it("limits the cost only of an agent that tells it", () => {
  const faultsOf = (agent: string) =>
    Object.keys(findDefinitionFaults(workflowDefinitionSchema.parse({ agent, maxCostUsd: 1 })));
  expect(faultsOf("claude-code")).toEqual([]);
  expect(faultsOf("codex")).toEqual(["maxCostUsd"]);
});

describe("a name", () => {
  it.each(["builder", "fix-2.1_b", "0"])("of a workflow may be %s", (name) => {
    expect(workflowNameSchema.parse(name)).toBe(name);
  });

  it.each(["", "Builder", "-x", ".x", "a b", "a/b", "a\nb", "ü", "x".repeat(81)])(
    "of a workflow is never %j",
    (name) => {
      expect(workflowNameSchema.safeParse(name).success).toBe(false);
    },
  );

  it("of a repository may have capitals, and no slash either", () => {
    expect(repositoryNameSchema.safeParse("My-App.2").success).toBe(true);
    for (const name of ["a/b", "..", "-x", "a b", "a\n"]) {
      expect(repositoryNameSchema.safeParse(name).success, name).toBe(false);
    }
  });
});
