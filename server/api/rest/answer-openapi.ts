import type { Door } from "@/server/auth/door";
import { createContext } from "../context";
import { requireRole } from "../require-role";
import { answerFailure } from "./answer-failure";
import { makeOpenApi } from "./make-openapi";

export async function answerOpenApi(door: Door, request: Request): Promise<Response> {
  try {
    const context = await createContext(door, request);
    await requireRole(context, "viewer", "openapi");
    return Response.json(makeOpenApi(door.addresses.publicUrl));
  } catch (error) {
    return answerFailure(error);
  }
}
