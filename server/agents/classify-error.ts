import type { EndReason } from "@/server/domain/end-reasons";

const signInWords =
  /invalid api key|not logged in|please run \/login|authentication_error|oauth token|invalid x-api-key|invalid bearer token|token has expired/i;
const limitWords =
  /usage limit|(hit|reached) your .{0,40}limit|limit reached|credit balance is too low|rate_limit_error|out of .{0,20}(credits|usage)/i;

/** Why an agent failed, from the status and the words of its error. */
export function classifyError(status: number | null, words: string): EndReason {
  if (status === 401 || status === 403 || signInWords.test(words)) return "agent_sign_in_needed";
  if (status === 429 || limitWords.test(words)) return "usage_limit";
  return "agent_error";
}
