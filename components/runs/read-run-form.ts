/** The fields of the form for a new run, as the API takes them; what is empty is left out. */
export function readRunForm(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? "").trim() || undefined;
  const number = (name: string) => {
    const value = text(name);
    return value === undefined ? undefined : Number(value);
  };
  const minutes = number("timeoutMinutes");
  const stallMinutes = number("stallMinutes");
  const workspace = text("workspace");
  return {
    workflow: text("workflow") ?? "",
    repository: text("repository") ?? "",
    message: String(form.get("message") ?? ""),
    workspace:
      workspace === "temporary" || workspace === "persistent"
        ? (workspace as typeof workspace)
        : undefined,
    branch: text("branch"),
    baseRef: text("baseRef"),
    maxTurns: number("maxTurns"),
    timeoutSeconds: minutes === undefined ? undefined : Math.round(minutes * 60),
    maxCostUsd: number("maxCostUsd"),
    maxTokens: number("maxTokens"),
    stallSeconds: stallMinutes === undefined ? undefined : Math.round(stallMinutes * 60),
  };
}
