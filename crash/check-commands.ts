import { asc, eq } from "drizzle-orm";
import { commandOutput, runCommands } from "@/db/schema";
import { checkOutput } from "./agent-command";
import type { CaseReport } from "./check-case";
import { type CrashCase, isOfCommand } from "./list-cases";
import type { Site } from "./site";

/** A check that was struck ran to its end all the same, and what is stored is what one run of it said. */
export async function checkCommands(
  site: Site,
  { point }: CrashCase,
  report: CaseReport,
): Promise<void> {
  if (!isOfCommand(point)) return;
  const found = await site.db.select().from(runCommands);
  const [run] = await site.runs();
  if (found.length !== 1 || run?.verdict !== "verified") {
    const what = `${found.length} commands, and the run is ${run?.verdict}`;
    report.faults.push({ kind: "status", what });
  }
  for (const { id, name, state, note, outputBytes } of found) {
    const chunks = await site.db
      .select({ bytes: commandOutput.bytes })
      .from(commandOutput)
      .where(eq(commandOutput.commandId, id))
      .orderBy(asc(commandOutput.offset));
    const stored = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString();
    const isWhole = stored === checkOutput && outputBytes === stored.length;
    if (state === "passed" && isWhole) continue;
    const what = `check ${name} is ${state} (${note}) and printed ${JSON.stringify(stored)}`;
    report.faults.push({ kind: "output", what });
  }
}
