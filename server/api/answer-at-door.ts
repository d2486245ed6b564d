import { answerMisdirected } from "@/server/auth/answer-misdirected";
import { apiSecurityHeaders } from "@/server/auth/compose-security-headers";
import { readAddresses } from "@/server/auth/read-addresses";
import { isOurHost } from "@/server/auth/refuse-foreign-host";

/**
 * What every address below `/api` answers through: only to our own hosts, and with the security
 * headers. The proxy does the same for pages and files, at a price that is higher than that of most
 * calls, so it leaves these out.
 */
export async function answerAtDoor(
  request: Request,
  answer: () => Promise<Response>,
): Promise<Response> {
  const { PORT, HOST, COPPICE_URL } = process.env;
  const isOurs = isOurHost(request.headers, readAddresses({ PORT, HOST, COPPICE_URL }));
  const response = isOurs ? await answer() : answerMisdirected();
  for (const [name, value] of Object.entries(apiSecurityHeaders)) {
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  return response;
}
