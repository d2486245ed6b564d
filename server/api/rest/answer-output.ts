import type { Door } from "@/server/auth/door";
import { trimHeader, writeTrimHeader } from "@/server/domain/output-trim";
import { readOutput, readOutputInputSchema } from "@/server/runs/read-output";
import { createContext } from "../context";
import { requireRole } from "../require-role";
import { answerFailure } from "./answer-failure";
import { readQuery } from "./read-query";
import { toStream } from "./to-stream";

/** A range of a run's raw output as it is stored, read from the database as the client takes it. */
export async function answerOutput(door: Door, request: Request, id: string): Promise<Response> {
  try {
    const context = await createContext(door, request);
    await requireRole(context, "viewer", "runs.output");
    const query = readQuery(new URL(request.url).searchParams, readOutputInputSchema);
    const range = await readOutput(context.db, { ...query, id });
    return new Response(toStream(range.bytes), {
      headers: {
        "content-type": "text/plain; charset=utf-8",
        "content-length": String(range.length),
        "x-coppice-output-length": String(range.totalBytes),
        "x-coppice-output-from": String(range.from),
        "x-coppice-output-to": String(range.to),
        ...(range.trim ? { [trimHeader]: writeTrimHeader(range.trim) } : {}),
        "cache-control": "no-store, no-transform",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
      },
    });
  } catch (error) {
    return answerFailure(error);
  }
}
