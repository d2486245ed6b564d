import { answerHealth } from "@/server/api/rest/answer-health";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  return answerHealth(processDoor);
}
