import { answerAtDoor } from "@/server/api/answer-at-door";
import { answerHealth } from "@/server/api/rest/answer-health";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

export async function GET(request: Request): Promise<Response> {
  return answerAtDoor(request, () => answerHealth(processDoor));
}
