import { answerOpenApi } from "@/server/api/rest/answer-openapi";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

export async function GET(request: Request): Promise<Response> {
  return answerOpenApi(await processDoor(), request);
}
