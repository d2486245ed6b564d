import { generateOpenApiDocument } from "trpc-to-openapi";
import { version } from "@/package.json";
import { errorMap } from "../error-map";
import { appRouter } from "../router";
import { rawPaths } from "./raw-paths";

type Operation = { responses: Record<string, unknown> };
type Paths = Record<string, Record<string, Operation>>;

/** The OpenAPI 3.1 document of everything below `/api/v1`, from the router and the raw routes. */
export function makeOpenApi(publicUrl: string): object {
  const document = generateOpenApiDocument(appRouter, {
    title: "Coppice",
    description: "Runs coding agents on a team's repositories and never loses track of one.",
    version,
    baseUrl: `${publicUrl}/api/v1`,
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
  });
  const paths = { ...document.paths, ...rawPaths } as Paths;
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations)) withOurErrors(operation);
  }
  const { securitySchemes } = document.components ?? {};
  const components = {
    securitySchemes,
    schemas: { Error: errorSchema },
    responses: errorResponses,
  };
  return { ...document, paths, components };
}

/** The generator describes its own error form, which never leaves this server. */
function withOurErrors(operation: Operation): void {
  const succeeded = Object.entries(operation.responses).filter(([status]) =>
    status.startsWith("2"),
  );
  const failed = Object.keys(errorResponses).map((name) => [
    name.slice("Error".length),
    { $ref: `#/components/responses/${name}` },
  ]);
  operation.responses = Object.fromEntries([...succeeded, ...failed]);
}

const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: {
        code: { type: "string", enum: Object.keys(errorMap) },
        message: { type: "string" },
        hint: { type: "string", description: "The next step." },
        fields: { type: "object", additionalProperties: { type: "string" } },
      },
    },
  },
};

const errorResponses = Object.fromEntries(
  Object.entries(errorMap).map(([code, { status }]) => [
    `Error${status}`,
    {
      description: code.replaceAll("_", " "),
      content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
    },
  ]),
);
