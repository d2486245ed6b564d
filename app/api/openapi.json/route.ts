import { answerAtDoor } from "@/server/api/answer-at-door";
import { answerOpenApi } from "@/server/api/rest/answer-openapi";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

export async function GET(request: Request): Promise<Response> {
  return answerAtDoor(request, async () => answerOpenApi(await processDoor(), request));
}
