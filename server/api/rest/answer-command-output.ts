import type { Door } from "@/server/auth/door";
import {
  readCommandOutput,
  readCommandOutputInputSchema,
} from "@/server/checks/read-command-output";
import { createContext } from "../context";
import { requireRole } from "../require-role";
import { answerFailure } from "./answer-failure";
import { readQuery } from "./read-query";
import { toStream } from "./to-stream";

/** A range of what a command of a run printed, as it is stored. */
export async function answerCommandOutput(
  door: Door,
  request: Request,
  { id, commandId }: { id: string; commandId: string },
): Promise<Response> {
  try {
    const context = await createContext(door, request);
    await requireRole(context, "viewer", "runs.commandOutput");
    const query = readQuery(new URL(request.url).searchParams, readCommandOutputInputSchema);
    const range = await readCommandOutput(context.db, { ...query, id, commandId });
    return new Response(toStream(range.bytes), {
      headers: {
        "content-type": "text/plain; charset=utf-8",
        "x-coppice-output-length": String(range.totalBytes),
        "x-coppice-output-from": String(range.from),
        "x-coppice-output-to": String(range.to),
        "cache-control": "no-store, no-transform",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
      },
    });
  } catch (error) {
    return answerFailure(error);
  }
}
