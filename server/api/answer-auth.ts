import type { Door } from "@/server/auth/door";
import { refuseForeignHost } from "@/server/auth/refuse-foreign-host";
import { refuseForeignOrigin } from "@/server/auth/refuse-foreign-origin";
import { answerFailure } from "./rest/answer-failure";
import { unknownPath } from "./rest/answer-rest";
import { readBody } from "./rest/read-body";

/** All of better-auth that is offered; everything else it can do is not there. */
const paths = new Set([
  "POST /sign-in/email",
  "POST /sign-out",
  "GET /get-session",
  "POST /change-password",
  "GET /list-sessions",
  "POST /revoke-session",
  "POST /revoke-sessions",
  "POST /revoke-other-sessions",
]);

/** Answers a request below `/api/auth`: signing in and out, and what one's own sign-ins are. */
export async function answerAuth(door: Door, request: Request, path: string): Promise<Response> {
  try {
    refuseForeignHost(request.headers, door.addresses);
    refuseForeignOrigin(request, door.addresses, request.headers.has("cookie"));
    if (!paths.has(`${request.method} ${path}`)) throw unknownPath();
    if (path !== "/sign-in/email") return await door.auth.handler(request);
    return await signIn(door, request);
  } catch (error) {
    return answerFailure(error);
  }
}

/** Failures count against the account; better-auth counts all tries against the address. */
async function signIn(door: Door, request: Request): Promise<Response> {
  const body = await readBody(request);
  const now = new Date();
  const email = typeof body.email === "string" ? body.email.trim().toLowerCase().slice(0, 254) : "";
  door.badSignIns.check(email, now);
  const text = JSON.stringify(body);
  const again = new Request(request.url, { method: "POST", headers: request.headers, body: text });
  const response = await door.auth.handler(again);
  if (response.status === 401) door.badSignIns.fail(email, now);
  if (response.ok) door.badSignIns.clear(email);
  return response;
}
