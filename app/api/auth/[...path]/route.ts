import { answerAtDoor } from "@/server/api/answer-at-door";
import { answerAuth } from "@/server/api/answer-auth";
import { processDoor } from "@/server/auth/door";

export const dynamic = "force-dynamic";

interface Parameters {
  params: Promise<{ path: string[] }>;
}

async function answer(request: Request, { params }: Parameters): Promise<Response> {
  const { path } = await params;
  return answerAtDoor(request, async () =>
    answerAuth(await processDoor(), request, `/${path.join("/")}`),
  );
}

export { answer as GET, answer as POST };
