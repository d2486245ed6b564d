/** Answers a request whose Host header names none of our addresses. */
export function answerMisdirected(): Response {
  const text =
    "Coppice does not answer to this address. Set COPPICE_URL to the one that you use.\n";
  return new Response(text, { status: 421, headers: { "content-type": "text/plain" } });
}
