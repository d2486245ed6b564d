import { answerAtDoor } from "@/server/api/answer-at-door";
import { answerPatch } from "@/server/api/rest/answer-patch";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

interface Parameters {
  params: Promise<{ id: string }>;
}

export async function GET(request: Request, { params }: Parameters): Promise<Response> {
  const { id } = await params;
  return answerAtDoor(request, async () => answerPatch(await processDoor(), request, id));
}
