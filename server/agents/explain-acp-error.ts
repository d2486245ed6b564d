import type { EndReason } from "@/server/domain/end-reasons";
import { classifyError } from "./classify-error";
import { asFields, asNumber, asText, type Fields, parseFields } from "./json-fields";

const signInNeeded = -32000;

/** The words may be the provider's whole answer; then its own message is meant. */
export function explainAcpError(error: Fields): { reason: EndReason; words: string } {
  const told = asText(error.message) ?? "an error without words";
  const inner = asFields(readJson(told)?.error);
  const words = asText(inner?.message) ?? told;
  const details = asText(error.data) ?? asText(asFields(error.data)?.details);
  const code = asNumber(error.code);
  if (code === signInNeeded) return { reason: "agent_sign_in_needed", words };
  const status = code !== null && code >= 400 && code < 600 ? code : readStatus(words);
  const whole = details === null ? words : `${words}: ${details}`;
  return { reason: classifyError(status, whole), words: whole };
}

const readStatus = (words: string): number | null => {
  const told = /\bstatus(?: code)?:? (\d{3})\b/i.exec(words)?.[1];
  return told ? Number(told) : null;
};

function readJson(text: string): Fields | null {
  return text.startsWith("{") ? parseFields(text) : null;
}
