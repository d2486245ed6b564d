import type { Door } from "@/server/auth/door";
import { takePatch, takePatchInputSchema } from "@/server/restore/take-patch";
import { createContext } from "../context";
import { requireRole } from "../require-role";
import { answerFailure } from "./answer-failure";
import { readQuery } from "./read-query";
import { toStream } from "./to-stream";

/** A run's work as a patch to download. Nothing in it is covered up, so it takes an operator. */
export async function answerPatch(door: Door, request: Request, id: string): Promise<Response> {
  try {
    const context = await createContext(door, request);
    const actor = await requireRole(context, "operator", "runs.patch");
    const query = readQuery(new URL(request.url).searchParams, takePatchInputSchema);
    const patch = await takePatch({ ...context, actor }, { ...query, id });
    return new Response(toStream(patch.bytes), {
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(patch.totalBytes),
        "content-disposition": `attachment; filename="${patch.fileName}"`,
        "cache-control": "no-store, no-transform",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
      },
    });
  } catch (error) {
    return answerFailure(error);
  }
}
