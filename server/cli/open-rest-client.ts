import { z } from "zod";
import { DomainError, errorCodes, Unavailable } from "@/server/domain/errors";

export interface RestClient {
  /** The address of the web, without a slash at its end. */
  readonly url: string;
  get<Answer>(path: string, query?: Query): Promise<Answer>;
  send<Answer>(
    method: "POST" | "PATCH" | "PUT" | "DELETE",
    path: string,
    body: unknown,
  ): Promise<Answer>;
  /** The raw answer to a GET, for what is not JSON. */
  open(path: string, query?: Query): Promise<Response>;
}

type Query = Record<string, string | number | string[] | null | undefined>;

/** What a server answers with takes the place of Date as text. */
export type Json<Value> = Value extends Date
  ? string
  : Value extends (infer Item)[]
    ? Json<Item>[]
    : Value extends object
      ? { [Key in keyof Value]: Json<Value[Key]> }
      : Value;

/** The REST interface of one Coppice. Every failure is thrown as the DomainError that it was there. */
export function openRestClient(environment: Record<string, string | undefined>): RestClient {
  const url = (environment.COPPICE_URL || "http://127.0.0.1:3000").replace(/\/+$/, "");
  const token = environment.COPPICE_TOKEN;
  const headers = token ? { authorization: `Bearer ${token}` } : undefined;
  const open = async (path: string, query?: Query) => {
    const response = await request(url, `${path}${writeQuery(query)}`, { headers });
    if (!response.ok) throw await readFailure(url, response);
    return response;
  };
  return {
    url,
    open,
    get: async (path, query) => readJson(url, await open(path, query)),
    async send(method, path, body) {
      const response = await request(url, path, {
        method,
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw await readFailure(url, response);
      return readJson(url, response);
    },
  };
}

function writeQuery(query: Query = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(",") : String(value ?? "");
    if (text !== "") given.set(name, text);
  }
  return given.size > 0 ? `?${given}` : "";
}

async function request(url: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${url}/api/v1${path}`, init);
  } catch (error) {
    const { message } = rootCause(error);
    throw new Unavailable(`Coppice does not answer at ${url}.`, {
      cause: error,
      facts: { reason: message },
      hint: `Start it with “npm start” or “coppice start”, or set COPPICE_URL to where it runs. (${message})`,
    });
  }
}

/** fetch hides what went wrong below “fetch failed”. */
function rootCause(error: unknown): Error {
  if (error instanceof AggregateError && error.errors.length > 0) return rootCause(error.errors[0]);
  if (error instanceof Error) return error.cause ? rootCause(error.cause) : error;
  return new Error(String(error));
}

async function readJson<Answer>(url: string, response: Response): Promise<Answer> {
  try {
    return (await response.json()) as Answer;
  } catch (error) {
    if (error instanceof SyntaxError) throw notCoppice(url, response.status, error);
    throw new Unavailable(`The answer of ${url} broke off.`, { cause: error });
  }
}

const failureSchema = z.object({
  error: z.object({
    code: z.enum(errorCodes).catch("internal"),
    message: z.string(),
    hint: z.string().optional(),
    fields: z.record(z.string(), z.string()).optional(),
  }),
});

async function readFailure(url: string, response: Response): Promise<DomainError> {
  const failure = failureSchema.safeParse(await readJson<unknown>(url, response));
  if (!failure.success) return notCoppice(url, response.status, failure.error);
  const { code, message, ...detail } = failure.data.error;
  if (code === "sign_in_needed") {
    return new DomainError(code, message, {
      hint: "Set COPPICE_TOKEN to an API token; an admin makes one on the page Settings.",
    });
  }
  return new DomainError(code, message, {
    ...(detail.hint === undefined ? {} : { hint: detail.hint }),
    ...(detail.fields === undefined ? {} : { fields: detail.fields }),
  });
}

/** Also what a proxy says while the web behind it starts again, so it may help to wait. */
function notCoppice(url: string, status: number, cause: unknown): DomainError {
  return new Unavailable(`What answers at ${url} is not Coppice (HTTP ${status}).`, {
    cause,
    hint: "Set COPPICE_URL to the address that Coppice printed when it started.",
  });
}
