import { answerAtDoor } from "@/server/api/answer-at-door";
import { answerTrpc } from "@/server/api/answer-trpc";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

async function answer(request: Request): Promise<Response> {
  return answerAtDoor(request, async () => answerTrpc(await processDoor(), request));
}

export { answer as GET, answer as POST };
