import { z } from "zod";
import { describeError } from "@/server/domain/errors";
import { type Forge, ForgeAway, ForgeRefused, type PullRequest } from "./forge";

interface GithubRepository {
  /** The API's address, without a slash at its end. */
  api: string;
  token: string;
  /** `owner/name`. */
  path: string;
}

const timeoutMs = 20_000;

const requestSchema = z
  .object({
    number: z.int().positive(),
    html_url: z.url({ protocol: /^https?$/ }),
    state: z.enum(["open", "closed"]),
    merged_at: z.string().nullish(),
  })
  .transform(
    ({ number, html_url, state, merged_at }): PullRequest => ({
      number,
      url: html_url,
      state: merged_at ? "merged" : state,
    }),
  );

/** Pull requests by GitHub's REST API. Every call throws ForgeRefused or ForgeAway. */
export function connectGithub(repository: GithubRepository): Forge {
  const pulls = `/repos/${repository.path.split("/").map(encodeURIComponent).join("/")}/pulls`;
  const owner = repository.path.split("/")[0];
  const send = async (method: string, path: string, body: object) =>
    parse(requestSchema, await readJson(await call(repository, method, path, { body })));
  return {
    findOpen: async (head, base) => {
      const query = new URLSearchParams({ state: "open", head: `${owner}:${head}`, base });
      const response = await call(repository, "GET", `${pulls}?${query}`, {});
      return parse(z.array(requestSchema), await readJson(response))[0] ?? null;
    },
    open: (head, base, text) => send("POST", pulls, { head, base, ...text }),
    update: (number, text) => send("PATCH", `${pulls}/${number}`, text),
    close: (number) => send("PATCH", `${pulls}/${number}`, { state: "closed" }),
    read: async (number, etag) => {
      const response = await call(repository, "GET", `${pulls}/${number}`, { etag });
      if (response.status === 304) return null;
      const request = parse(requestSchema, await readJson(response));
      return { request, etag: response.headers.get("etag") };
    },
  };
}

async function call(
  { api, token }: GithubRepository,
  method: string,
  path: string,
  { body, etag }: { body?: object; etag?: string | null },
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${api}${path}`, {
      method,
      redirect: "manual", // a token goes to no other host
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "user-agent": "coppice",
        "x-github-api-version": "2022-11-28",
        ...(etag ? { "if-none-match": etag } : {}),
        ...(body ? { "content-type": "application/json" } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch (error) {
    throw new ForgeAway(`GitHub does not answer: ${describeError(error)}.`, { cause: error });
  }
  if (response.ok || response.status === 304) return response;
  throw await explain(response);
}

const hints: Record<number, string> = {
  301: "The repository was moved or renamed. Register its new address.",
  401: "Give the worker a token that is valid, in COPPICE_GITHUB_TOKEN.",
  403: "Give the token of COPPICE_GITHUB_TOKEN the right to write pull requests of this repository.",
  404: "The token of COPPICE_GITHUB_TOKEN may not see this repository, or it was moved.",
  422: "Open the pull request on GitHub, or change what is delivered.",
};

async function explain(response: Response): Promise<ForgeRefused | ForgeAway> {
  const { status, headers } = response;
  const said = await readMessage(response);
  const what = `GitHub answered ${status}: ${said}`;
  const facts = { status };
  const isLimited =
    status === 429 ||
    (status === 403 &&
      (headers.get("x-ratelimit-remaining") === "0" || headers.has("retry-after")));
  if (isLimited || status >= 500) {
    return new ForgeAway(what, { facts: { ...facts, retryAfter: headers.get("retry-after") } });
  }
  const hint = hints[status >= 300 && status < 400 ? 301 : status];
  return new ForgeRefused(what, { facts, ...(hint ? { hint } : {}) });
}

const failureSchema = z.object({
  message: z.string().default(""),
  errors: z.array(z.union([z.string(), z.object({ message: z.string().nullish() })])).default([]),
});

async function readMessage(response: Response): Promise<string> {
  const text = await response.text().catch(() => ""); // the status alone says enough
  const parsed = failureSchema.safeParse(parseJson(text));
  if (!parsed.success) return "no reason was given";
  const { message, errors } = parsed.data;
  const details = errors.flatMap((one) => (typeof one === "string" ? one : (one.message ?? [])));
  return [message, ...details].filter(Boolean).join(": ").slice(0, 500) || "no reason was given";
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw new ForgeAway("GitHub's answer broke off.", { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ForgeAway("What answers is not GitHub's API.", {
    cause: parsed.error,
    hint: "Check COPPICE_GITHUB_API.",
  });
}
