import { answerAtDoor } from "@/server/api/answer-at-door";
import { answerFailure } from "@/server/api/rest/answer-failure";
import { unknownPath } from "@/server/api/rest/answer-rest";

export const dynamic = "force-dynamic";

/** No page stands below `/api`: whatever is unknown there is said in JSON. */
async function answer(request: Request): Promise<Response> {
  return answerAtDoor(request, async () => answerFailure(unknownPath()));
}

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT };
