import { answerAtDoor } from "@/server/api/answer-at-door";
import { answerCommandOutput } from "@/server/api/rest/answer-command-output";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

interface Parameters {
  params: Promise<{ id: string; commandId: string }>;
}

export async function GET(request: Request, { params }: Parameters): Promise<Response> {
  const keys = await params;
  return answerAtDoor(request, async () => answerCommandOutput(await processDoor(), request, keys));
}
