export interface DeliveredRun {
  id: string;
  number: number;
  sessionId: string;
  agent: string;
  message: string;
  result: string | null;
}

const maxTitle = 100;
const maxResult = 4000;

/** The first line of what was asked for, short enough for a subject. */
export function composeTitle({ number, message }: DeliveredRun): string {
  const line = message.split("\n").find((text) => text.trim() !== "") ?? "";
  const title = line.trim().slice(0, maxTitle);
  return title === "" ? `Run #${number}` : title;
}

function composeTrailers(run: DeliveredRun, by: string): string {
  return [
    `Coppice-Run: ${run.id}`,
    `Coppice-Session: ${run.sessionId}`,
    `Coppice-Agent: ${run.agent}`,
    `Coppice-Delivered-By: ${by.replaceAll(/\s+/g, " ")}`,
    "",
  ].join("\n");
}

/** The message of a merge commit or a squash. */
export function composeMergeMessage(
  run: DeliveredRun,
  { isSquash, target, by }: { isSquash: boolean; target: string; by: string },
): string {
  const title = composeTitle(run);
  const subject = isSquash ? title : `Merge run #${run.number} into ${target}`;
  const body = isSquash ? `Run #${run.number} of Coppice.` : title;
  return `${subject}\n\n${body}\n\n${composeTrailers(run, by)}`;
}

/** The message of the commit that takes a delivery back. */
export function composeRevertMessage(run: DeliveredRun, after: string, by: string): string {
  const title = composeTitle(run);
  const body = `This takes back what run #${run.number} of Coppice delivered as ${after}.`;
  return `Revert “${title}”\n\n${body}\n\n${composeTrailers(run, by)}`;
}

/** What a pull request says: the agent's own result, and where it comes from. */
export function composeRequestBody(run: DeliveredRun, by: string, url: string | null): string {
  const result = run.result?.trim().slice(0, maxResult);
  const from = url ? `Run [#${run.number}](${url}/runs/${run.id}) of Coppice.` : null;
  return [result, from ?? `Run #${run.number} of Coppice.`, composeTrailers(run, by)]
    .filter(Boolean)
    .join("\n\n");
}

const maxFiles = 100;

/** What an agent is told that is to resolve a conflict. */
export function composeConflictMessage(target: string, sha: string, files: string[]): string {
  const more = files.length - maxFiles;
  return [
    `Your work does not merge into ${target}. Merge it and resolve the conflicts:`,
    "",
    `    git merge ${sha}`,
    "",
    "These files conflict:",
    ...files.slice(0, maxFiles).map((file) => `- ${file}`),
    ...(more > 0 ? [`and ${more} more.`] : []),
    "",
    "Keep what both sides meant to do, run the project's checks, and commit the merge.",
  ].join("\n");
}
