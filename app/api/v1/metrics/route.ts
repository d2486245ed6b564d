import { answerAtDoor } from "@/server/api/answer-at-door";
import { answerMetrics } from "@/server/api/rest/answer-metrics";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

export async function GET(request: Request): Promise<Response> {
  return answerAtDoor(request, async () => answerMetrics(await processDoor(), request));
}
