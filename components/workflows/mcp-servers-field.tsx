"use client";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import type { WorkflowView } from "@/server/domain/views";

const example = `{
  "tickets": { "command": "npx", "args": ["-y", "tickets-mcp"], "env": { "API_KEY": "\${TICKETS_KEY}" } },
  "docs": { "url": "https://mcp.example.com", "headers": { "Authorization": "Bearer \${DOCS_TOKEN}" } }
}`;

/** The MCP servers of a workflow as JSON; what is no JSON is refused before it is sent. */
export function McpServersField({
  servers,
  fields,
}: {
  servers: WorkflowView["mcpServers"];
  fields: Record<string, string>;
}) {
  const faults = Object.entries(fields).filter(([name]) => /^mcpServers\b/.test(name));
  const hasAny = servers && Object.keys(servers).length > 0;
  return (
    <Field
      label="MCP servers"
      hint="JSON: a server's name, then a command with args and env, or a url with headers. ${NAME} stands for a secret."
      error={faults.map(([name, message]) => `${name}: ${message}`).join(" ") || undefined}
    >
      {(control) => (
        <Textarea
          {...control}
          name="mcpServers"
          rows={6}
          spellCheck={false}
          className="font-mono text-xs"
          placeholder={example}
          defaultValue={hasAny ? JSON.stringify(servers, null, 2) : ""}
          onChange={(event) => event.target.setCustomValidity(findJsonFault(event.target.value))}
        />
      )}
    </Field>
  );
}

function findJsonFault(text: string): string {
  if (text.trim() === "") return "";
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? "" : "It must be a JSON object of servers by name.";
  } catch (error) {
    return `This is no JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
