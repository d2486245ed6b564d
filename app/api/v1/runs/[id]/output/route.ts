import { answerAtDoor } from "@/server/api/answer-at-door";
import { answerOutput } from "@/server/api/rest/answer-output";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

interface Parameters {
  params: Promise<{ id: string }>;
}

export async function GET(request: Request, { params }: Parameters): Promise<Response> {
  const { id } = await params;
  return answerAtDoor(request, async () => answerOutput(await processDoor(), request, id));
}
