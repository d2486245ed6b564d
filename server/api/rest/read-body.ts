import { BadInput } from "@/server/domain/errors";

export const maxBodyBytes = 2 * 1024 * 1024;

/**
 * A request's JSON object, read no further than the limit. No body at all is an empty object.
 * @throws BadInput for another content type, too many bytes, or what is no JSON object.
 */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = await readText(request);
  if (text === "") return {};
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new BadInput("The body must be JSON.", {
      hint: "Send the header “Content-Type: application/json”.",
      facts: { type: type ?? null },
    });
  }
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new BadInput("The body must be a JSON object.");
}

async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBodyBytes) throw tooLarge();
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function tooLarge(): BadInput {
  return new BadInput(`A request is at most ${maxBodyBytes / 1024 / 1024} MiB.`, {
    hint: "Put longer material into a file of the repository.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadInput("The body is not valid JSON.", { cause });
  }
}
