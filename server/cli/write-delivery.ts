import type { DeliveryPreview, DeliveryView } from "@/server/domain/delivery";
import { deliveryWords } from "@/server/domain/delivery-words";
import type { Json } from "./open-rest-client";

/** A delivery in a few lines: what it was, what became of it, and the next step. */
export function writeDelivery(view: Json<DeliveryView>): string {
  const { id, kind, method, target, base, state, resultSha, pullRequest } = view;
  const how = method ? ` (${deliveryWords.methods[method]})` : "";
  const into = base ? `${target} into ${base}` : target;
  const lines = [
    `${deliveryWords.kinds[kind]}${how} ${into}: ${deliveryWords.states[state]}`,
    `  id       ${id}`,
    resultSha && state === "delivered" ? `  commit   ${resultSha}` : null,
    pullRequest ? `  request  ${pullRequest.url} (${pullRequest.state})` : null,
    !pullRequest && view.compareUrl ? `  link     ${view.compareUrl}` : null,
    view.problem ? indent(view.problem) : null,
    ...view.conflicts.map(({ path }) => `  conflict ${path}`),
    view.hint ? indent(view.hint) : null,
  ];
  return `${lines.filter((line) => line !== null).join("\n")}\n`;
}

/** What would be done, as the origin stands now. */
export function writePreview(preview: Json<DeliveryPreview>): string {
  const { sentence, problem, hint, commits, commitCount, conflicts } = preview;
  const rest = commitCount - Math.min(commits.length, shownCommits);
  const lines = [
    sentence,
    ...(problem && problem !== sentence ? [indent(problem)] : []),
    ...commits.slice(0, shownCommits).map(({ sha, title }) => `  ${sha.slice(0, 10)} ${title}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    `  ${preview.fileCount} files, +${preview.additions} −${preview.deletions}`,
    ...conflicts.map(({ path }) => `  conflict ${path}`),
    ...(hint ? [indent(hint)] : []),
    "Nothing was changed.",
  ];
  return `${lines.join("\n")}\n`;
}

const shownCommits = 20;

const indent = (text: string) =>
  text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
