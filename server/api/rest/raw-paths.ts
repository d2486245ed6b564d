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
      ],
      responses: text("The bytes as they are stored now.", {
        "x-coppice-output-length": { description: "All bytes there are.", schema: byte },
      }),
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
