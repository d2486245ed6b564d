import { trimHeader } from "@/server/domain/output-trim";

const id = { name: "id", in: "path", required: true, schema: { type: "string" } };

const query = (name: string, schema: object, description: string) => ({
  name,
  in: "query",
  required: false,
  schema,
  description,
});

const byte = { type: "integer", minimum: 0 };
const text = (description: string, headers: object = {}) => ({
  "200": { description, headers, content: { "text/plain": { schema: { type: "string" } } } },
});

/** The routes that answer something other than JSON, as OpenAPI describes them. */
export const rawPaths = {
  "/runs/{id}/output": {
    get: {
      operationId: "runs-output",
      summary: "A run's raw output, from a byte offset on",
      tags: ["runs"],
      security: [{ token: [] }],
      parameters: [
        id,
        query("from", byte, "The first byte wanted."),
        query("to", byte, "The byte after the last one wanted."),
        query("attempt", { type: "integer", minimum: 1 }, "An attempt's number; the latest one."),
        query("stream", { type: "string", enum: ["output", "stderr"] }, "Which stream."),
        query(
          "marker",
          { type: "boolean", default: true },
          "Whether a line stands in place of what retention removed. With false the answer is one unbroken piece: from behind the gap when `from` lies in it, else up to it.",
        ),
      ],
      responses: text(
        "The bytes as they are stored now. Offsets stay true when a part was removed.",
        {
          "x-coppice-output-length": { description: "All bytes there ever were.", schema: byte },
          "x-coppice-output-from": { description: "The first byte of the answer.", schema: byte },
          "x-coppice-output-to": { description: "The byte after its last one.", schema: byte },
          [trimHeader]: {
            description: "What was removed of this stream: from, to, at and reason as JSON.",
            schema: { type: "string" },
          },
        },
      ),
    },
  },
  "/runs/{id}/commands/{commandId}/output": {
    get: {
      operationId: "runs-command-output",
      summary: "What a run's set-up, check or tear-down printed",
      tags: ["runs"],
      security: [{ token: [] }],
      parameters: [
        id,
        { ...id, name: "commandId" },
        query("from", byte, "The first byte wanted."),
        query("to", byte, "The byte after the last one wanted."),
      ],
      responses: text("The bytes as they are stored.", {
        "x-coppice-output-length": { description: "All bytes there are by now.", schema: byte },
      }),
    },
  },
  "/runs/{id}/patch": {
    get: {
      operationId: "runs-patch",
      summary: "A run's work as a patch for “git apply”, byte for byte",
      tags: ["runs"],
      security: [{ token: [] }],
      parameters: [
        id,
        query("at", { type: "string" }, "A commit or a snapshot's number; the run's head."),
      ],
      responses: {
        "200": {
          description: "The patch as git wrote it, from the run's base on.",
          content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
        },
      },
    },
  },
  "/health": {
    get: {
      operationId: "health",
      summary: "Whether Coppice answers and reaches its database",
      tags: ["health"],
      responses: {
        "200": {
          description: "It does.",
          content: {
            "application/json": {
              schema: {
                type: "object",
                required: ["status", "version", "database", "workers"],
                properties: {
                  status: { type: "string" },
                  version: { type: "string" },
                  database: { type: "string", enum: ["ok", "away"] },
                  workers: { type: "integer", description: "Workers that are alive." },
                },
              },
            },
          },
        },
      },
    },
  },
  "/metrics": {
    get: {
      operationId: "metrics",
      summary: "Counts for Prometheus",
      tags: ["health"],
      security: [{ token: [] }],
      responses: text("In Prometheus' text form."),
    },
  },
};
