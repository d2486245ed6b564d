import type { RunView } from "@/server/domain/run-view";
import type { CommandContext } from "./command";
import { exitCodeOf } from "./exit-codes";
import { followRun } from "./follow-run";
import type { Json } from "./open-rest-client";
import { paintFor } from "./paint";
import { writeEntry } from "./write-entry";
import { writeEvent } from "./write-event";
import { writeRun } from "./write-run";

/**
 * Shows a run as it goes on, until it has ended: its events, and what it prints or says. As JSON only
 * the ended run is shown. @returns the exit code that says how it ended.
 */
export async function followOnTerminal(
  { client, terminal }: CommandContext,
  run: Json<RunView>,
  isJson: boolean,
): Promise<number> {
  const paint = paintFor(terminal);
  const say = (line: string | null) => (line === null ? undefined : terminal.write(`${line}\n`));
  const onTrouble = (message: string) => terminal.complain(`coppice: ${message}`);
  const told = {
    onEvent: async (event: Parameters<typeof writeEvent>[0]) =>
      say(paint("dim", `[${event.at.slice(11, 19)}] ${writeEvent(event)}`)),
    // A command's output is for reading as it is; an agent's is a protocol, so its transcript is.
    ...(run.agent === "shell"
      ? { onOutput: (bytes: Uint8Array) => terminal.write(bytes) }
      : { onEntry: async (view: EntryView) => say(writeEntry(view.entry, paint)) }),
  };
  const ended = await followRun(client, run.id, {
    ...(isJson ? {} : told),
    onTrouble,
    pollMs: terminal.pollMs,
  });
  await terminal.write(
    isJson
      ? `${JSON.stringify(ended, null, 2)}\n`
      : `\n${writeRun(ended, { paint, url: client.url })}`,
  );
  return exitCodeOf(ended.status);
}

type EntryView = Parameters<NonNullable<Parameters<typeof followRun>[2]["onEntry"]>>[0];
