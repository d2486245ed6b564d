import { describe, expect, it } from "vitest";
import { fillInSecrets, findSecretNames, mcpServersSchema } from "./mcp-servers";

/** How a secret is named in a value. */
const of = (name: string) => `\${${name}}`;
const servers = mcpServersSchema.parse({
  files: { command: "node", args: ["x.mjs"], env: { KEY: `k-${of("TOKEN")}`, MODE: "a" } },
  far: {
    url: "https://mcp.example.com/",
    headers: { Authorization: `Bearer ${of("TOKEN")} ${of("OTHER")}` },
  },
});

describe("MCP servers of a workflow", () => {
  it.each([
    { a: { command: "x", url: "https://x" } },
    { a: {} },
    { a__b: { command: "x" } },
    { A: { command: "x" } },
    { a: { command: "x", env: { "B C": "d" } } },
    { a: { url: "https://me:secret@example.com" } },
    { a: { url: "file:///etc/passwd" } },
    { a: { url: "https://x", headers: { "X\nY": "z" } } },
    Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`s${i}`, { command: "x" }])),
  ])("are refused where they make no sense: %j", (wrong) => {
    expect(mcpServersSchema.safeParse(wrong).success).toBe(false);
  });

  it("name the secrets that they need", () => {
    expect(findSecretNames(servers)).toEqual(["TOKEN", "OTHER"]);
  });

  it("are filled in, with a variable for each value that holds a secret", () => {
    const filled = fillInSecrets(servers, { TOKEN: "$& t", OTHER: "o" });
    expect(filled.environment).toEqual({ COPPICE_MCP_1: "k-$& t", COPPICE_MCP_2: "Bearer $& t o" });
    expect(filled.servers).toEqual([
      {
        ...{ name: "files", command: "node", args: ["x.mjs"] },
        env: [
          { name: "KEY", value: "k-$& t", variable: "COPPICE_MCP_1" },
          { name: "MODE", value: "a", variable: null },
        ],
      },
      {
        ...{ name: "far", url: "https://mcp.example.com/" },
        headers: [{ name: "Authorization", value: "Bearer $& t o", variable: "COPPICE_MCP_2" }],
      },
    ]);
  });
});
