interface Refusal {
  message?: string;
  error?: { message?: string; hint?: string };
}

/** Signs in. @throws Error that says why it was refused, in a sentence for the person. */
export async function signIn(email: string, password: string): Promise<void> {
  const answer = await fetch("/api/auth/sign-in/email", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: email.trim(), password }),
  });
  if (answer.ok) return;
  const isJson = answer.headers.get("content-type")?.includes("json");
  const refusal = isJson ? ((await answer.json()) as Refusal) : {};
  throw new Error(explain(answer, refusal));
}

function explain(answer: Response, refusal: Refusal): string {
  if (answer.status === 401) return "This email address and password do not belong together.";
  if (answer.status === 429) {
    const own = refusal.error && [refusal.error.message, refusal.error.hint];
    if (own) return own.filter(Boolean).join(" ");
    const seconds = answer.headers.get("x-retry-after") ?? answer.headers.get("retry-after");
    return `Too many tries. Wait ${seconds ? `${seconds} seconds` : "a little"}, then try again.`;
  }
  if (answer.status >= 500) return "Coppice could not look you up. Try again in a moment.";
  return refusal.error?.message ?? refusal.message ?? "The sign-in was refused.";
}
