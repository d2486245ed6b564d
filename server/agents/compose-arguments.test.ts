import { describe, expect, it } from "vitest";
import { fillInSecrets } from "@/server/domain/mcp-servers";
import { type ArgumentFacts, composeArguments } from "./compose-arguments";
import { describeMcpForClaude } from "./mcp-forms";

const token = `\${${"TOKEN"}}`;
const { servers } = fillInSecrets(
  {
    files: { command: "node", args: ['a "b"', "\\"], env: { KEY: `k-${token}`, MODE: "a" } },
    far: { url: "https://mcp.example.com/", headers: { Authorization: `Bearer ${token}` } },
  },
  { TOKEN: "hunter2222" },
);
const facts: ArgumentFacts = {
  kind: "claude-code",
  mcpServers: servers,
  mcpConfigPath: "/control/mcp.json",
  config: "none",
  workspacePath: "/workspaces/a",
};

describe("an agent's arguments", () => {
  it("hold no secret, and neither does the file", () => {
    const all = [
      describeMcpForClaude(servers),
      ...composeArguments(facts),
      ...composeArguments({ ...facts, kind: "codex" }),
    ].join(" ");
    expect(all).not.toContain("hunter2222");
    expect(all).toContain("COPPICE_MCP_1");
  });

  it("keep Claude Code to the workflow's servers, unless the repository's are approved", () => {
    const given = ["--mcp-config", "/control/mcp.json"];
    expect(composeArguments(facts)).toEqual(["--strict-mcp-config", ...given]);
    expect(composeArguments({ ...facts, config: "approved" })).toEqual(given);
    expect(composeArguments({ ...facts, config: "left_out", mcpServers: [] })).toEqual([
      ...["--setting-sources", "user", "--strict-mcp-config"],
    ]);
  });

  it("tell Codex its servers in TOML, and to trust the folder only when that is approved", () => {
    const codex = composeArguments({ ...facts, kind: "codex" });
    expect(codex).toEqual([
      ...["-c", 'projects={"/workspaces/a"={trust_level="untrusted"}}'],
      "-c",
      'mcp_servers.files={default_tools_approval_mode="approve",command="/bin/sh",args=["-c","KEY=\\"$COPPICE_MCP_1\\" exec \\"$@\\"","mcp","node","a \\"b\\"","\\\\"],env={"MODE"="a"},env_vars=["COPPICE_MCP_1"]}',
      "-c",
      'mcp_servers.far={default_tools_approval_mode="approve",url="https://mcp.example.com/",http_headers={},env_http_headers={"Authorization"="COPPICE_MCP_2"}}',
    ]);
    const approved = composeArguments({ ...facts, kind: "codex", config: "approved" });
    expect(approved.join()).toContain('trust_level="trusted"');
  });
});
