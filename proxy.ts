import { type NextRequest, NextResponse } from "next/server";
import { answerMisdirected } from "@/server/auth/answer-misdirected";
import { composeSecurityHeaders } from "@/server/auth/compose-security-headers";
import { type Addresses, readAddresses } from "@/server/auth/read-addresses";
import { isOurHost } from "@/server/auth/refuse-foreign-host";

export const config = { matcher: ["/((?!api/).*)"] };

const signInCookie = /(?:^|; )(?:__Secure-)?coppice\.session_token=/;
const openPaths = /^\/(?:sign-in|setup)(?:\/|$)/;
/** Fetched by scripts: a page in its place would be taken for the bytes. */
const rawPaths = /^\/runs\/[^/]+\/output$/;

/**
 * Before every page and file: answers only to our own addresses and sends the security headers.
 * Leading strangers to the sign-in page is a convenience; the procedures are the wall. Addresses
 * below `/api` keep their own door (`answerAtDoor`): to come by here costs a call 5 ms.
 */
export function proxy(request: NextRequest): Response {
  const { PORT, HOST, COPPICE_URL } = process.env;
  const addresses = readAddresses({ PORT, HOST, COPPICE_URL });
  if (!isOurHost(request.headers, addresses)) return answerMisdirected();
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const isDev = process.env.NODE_ENV === "development";
  const security = composeSecurityHeaders(nonce, isDev);
  const response = needsSignIn(request)
    ? NextResponse.redirect(composeSignInUrl(request, addresses))
    : passOn(request, nonce, security["content-security-policy"]);
  for (const [name, value] of Object.entries(security)) response.headers.set(name, value);
  return response;
}

/** Next reads the nonce from the request's policy and puts it on its own scripts. */
function passOn(request: NextRequest, nonce: string, policy: string): NextResponse {
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  return NextResponse.next({ request: { headers } });
}

function needsSignIn({ method, nextUrl, headers }: NextRequest): boolean {
  const { pathname } = nextUrl;
  const isPage = !/^\/_next\//.test(pathname) && !/\.[a-z0-9]+$/i.test(pathname);
  if (method !== "GET" || !isPage || openPaths.test(pathname)) return false;
  if (rawPaths.test(pathname)) return false;
  if (headers.has("authorization")) return false;
  return !signInCookie.test(headers.get("cookie") ?? "");
}

/** At the address that the browser used: Next's own idea of it is the one it listens on. */
function composeSignInUrl({ headers }: NextRequest, addresses: Addresses): URL {
  const host = headers.get("host");
  const origins = [...addresses.origins];
  const origin = origins.find((known) => new URL(known).host === host) ?? addresses.publicUrl;
  return new URL("/sign-in", origin);
}
