import type { OpenApiMeta } from "trpc-to-openapi";
import { appRouter } from "../router";

/** A procedure as REST offers it. */
export interface RestRoute {
  /** Its name in the router, e.g. `runs.get`. */
  procedure: string;
  method: string;
  /** `/runs/{id}` in parts. */
  parts: string[];
  /** The schemas of its input, for reading query strings. */
  inputs: unknown[];
}

export type FoundRoute =
  | { kind: "found"; route: RestRoute; params: Record<string, string> }
  | { kind: "other_method"; allowed: string[] }
  | { kind: "unknown" };

/** Which procedure answers a path below `/api/v1`. Fixed parts win over parameters. */
export function findRoute(method: string, path: string): FoundRoute {
  const given = path.split("/").filter(Boolean);
  const matching = allRoutes().filter((route) => matches(route.parts, given));
  const route = matching.find((candidate) => candidate.method === method);
  if (route) return { kind: "found", route, params: readParams(route.parts, given) };
  if (matching.length === 0) return { kind: "unknown" };
  return { kind: "other_method", allowed: matching.map((candidate) => candidate.method) };
}

let routes: RestRoute[] | null = null;

/** Read at the first request, for the router is complete only then. */
function allRoutes(): RestRoute[] {
  routes ??= Object.entries(procedures()).flatMap(([procedure, { _def }]) => {
    const { openapi } = _def.meta ?? {};
    if (!openapi) return [];
    const parts = openapi.path.split("/").filter(Boolean);
    return [{ procedure, method: openapi.method, parts, inputs: _def.inputs }];
  });
  return routes;
}

/** The router's own list, flat: its type tells only the nested form. */
function procedures() {
  type Listed = { _def: { meta: OpenApiMeta | undefined; inputs: unknown[] } };
  return appRouter._def.procedures as unknown as Record<string, Listed>;
}

function matches(parts: string[], given: string[]): boolean {
  return (
    parts.length === given.length && parts.every((part, i) => isName(part) || part === given[i])
  );
}

function isName(part: string): boolean {
  return part.startsWith("{");
}

function readParams(parts: string[], given: string[]): Record<string, string> {
  const params = parts.flatMap((part, i) =>
    isName(part) ? [[part.slice(1, -1), decodePart(given[i] ?? "")]] : [],
  );
  return Object.fromEntries(params);
}

/** What cannot be decoded is looked up as it stands, and not found. */
function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}
