import type { OpenApiMeta, OpenApiMethod } from "trpc-to-openapi";

/** Offers a procedure over REST too; the summary stands in the OpenAPI document. */
export function rest(method: OpenApiMethod, path: `/${string}`, summary: string): OpenApiMeta {
  const tag = path.split("/")[1] ?? "";
  return { openapi: { method, path, summary, tags: [tag], protect: true } };
}
