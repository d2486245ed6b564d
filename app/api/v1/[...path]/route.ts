import { answerAtDoor } from "@/server/api/answer-at-door";
import { answerRest } from "@/server/api/rest/answer-rest";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

/** The path is read from the address: in `params`, Next has decoded it already. */
async function answer(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.slice("/api/v1".length);
  return answerAtDoor(request, async () => answerRest(await processDoor(), request, path));
}

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT };
