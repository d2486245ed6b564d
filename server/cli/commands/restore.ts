import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { RestoreView } from "@/server/domain/restore";
import type { WorkspaceView } from "@/server/domain/views";
import type { Command, CommandContext } from "../command";
import { exitCodes } from "../exit-codes";
import { findRun } from "../find-run";
import { readBody } from "../follow-run";
import type { Json } from "../open-rest-client";
import { parseArguments, UsageError } from "../parse-arguments";

const options = {
  at: { type: "string" },
  workspace: { type: "boolean" },
  branch: { type: "string" },
  patch: { type: "string" },
  json: { type: "boolean" },
} as const;

export const restore: Command = {
  name: "restore",
  summary: "Bring the work of any run back: a workspace, a branch or a patch",
  help: `
Usage: coppice restore <run, session or sha> [--at <sha|snapshot number>] --workspace [--branch <name>]
       coppice restore <run, session or sha> [--at <sha|snapshot number>] --branch <name>
       coppice restore <run, session or sha> [--at <sha|snapshot number>] --patch <file>
       coppice restore <workspace id> [--at <sha|snapshot number>]

  --workspace       a new workspace with a session of its own, in which runs can go on
  --branch <name>   a branch in the mirror, from which runs can start; with --workspace its branch
  --patch <file>    a file for “git apply”, from the run's base commit on; “-” writes to standard output
  --at <point>      a commit of the run, or the number of a snapshot; without it the run's head

A workspace id alone makes a removed workspace again, at its own path, and puts one in quarantine back.
`,
  async carryOut(context, args) {
    const { values, positionals } = parseArguments(args, options, { least: 1 });
    const text = positionals[0] ?? "";
    const { workspace, branch, patch } = values;
    if (patch !== undefined && (workspace || branch !== undefined)) {
      throw new UsageError("--patch goes with neither --workspace nor --branch.");
    }
    if (!workspace && branch === undefined && patch === undefined) {
      return restoreInPlace(context, text, values);
    }
    const { run, matched } = await findRun(context.client, text);
    const isPoint = matched !== null && /commit|snapshot/.test(matched);
    const at = values.at ?? (isPoint ? text.toLowerCase() : undefined);
    if (patch !== undefined) return takePatch(context, { id: run.id, at, file: patch });
    const isOfSession = matched === "session id" && at === undefined;
    const place = isOfSession ? `/sessions/${run.sessionId}` : `/runs/${run.id}`;
    const made = await context.client.send<Json<RestoreView>>("POST", `${place}/restore`, {
      way: workspace ? "workspace" : "branch",
      branch,
      ...(isOfSession ? {} : { at }),
    });
    await context.terminal.write(
      values.json ? `${JSON.stringify(made, null, 2)}\n` : describeRestore(made),
    );
    return exitCodes.success;
  },
};

async function restoreInPlace(
  { client, terminal }: CommandContext,
  text: string,
  { at, json }: { at?: string | undefined; json?: boolean | undefined },
): Promise<number> {
  if (!/^[0-9a-f-]{36}$/i.test(text)) {
    throw new UsageError("Say how: --workspace, --branch <name> or --patch <file>.");
  }
  const id = encodeURIComponent(text);
  const made = await client.send<Json<WorkspaceView>>("POST", `/workspaces/${id}/restore`, { at });
  const said = `Workspace ${made.id} is ${made.state} at ${made.path}.\n`;
  await terminal.write(json ? `${JSON.stringify(made, null, 2)}\n` : said);
  return exitCodes.success;
}

function describeRestore({ run, sha, branch, workspace }: Json<RestoreView>): string {
  const what = `#${run.number} at ${sha.slice(0, 12)}`;
  if (!workspace) return `The branch ${branch} holds ${what}.\n`;
  return [
    `${what} is in a new workspace, on the branch ${branch}.`,
    `  path     ${workspace.path}`,
    `  session  ${workspace.sessionId}`,
    "",
  ].join("\n");
}

async function takePatch(
  { client, terminal }: CommandContext,
  { id, at, file }: { id: string; at: string | undefined; file: string },
): Promise<number> {
  const response = await client.open(`/runs/${id}/patch`, { at });
  const expected = Number(response.headers.get("content-length"));
  let written = 0;
  const write = async (sink: (bytes: Uint8Array) => Promise<unknown>) => {
    for await (const bytes of readBody(response)) {
      await sink(bytes);
      written += bytes.length;
    }
    if (written !== expected) throw new Error(`${written} of ${expected} bytes came`);
  };
  if (file === "-") {
    await write((bytes) => terminal.write(bytes));
    return exitCodes.success;
  }
  const target = path.resolve(terminal.folder, file);
  await writeWhole(target, (sink) => write(sink));
  terminal.complain(`${target}: ${written} bytes. Apply it with: git apply --index ${file}`);
  return exitCodes.success;
}

/** A patch that is cut short is never left under the name that was asked for. */
async function writeWhole(
  target: string,
  fill: (sink: (bytes: Uint8Array) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const temporary = `${target}.part-${process.pid}`;
  const handle = await open(temporary, "wx");
  try {
    await fill((bytes) => handle.write(bytes));
    await handle.sync();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}
