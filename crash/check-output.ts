import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { and, asc, eq } from "drizzle-orm";
import { attempts, outputChunks } from "@/db/schema";
import { controlFiles } from "@/server/agents/control-folder";
import type { AttemptId } from "@/server/domain/ids";
import { linesEach } from "./agent-command";
import type { CaseReport } from "./check-case";
import type { Site } from "./site";

/** What is stored of each attempt is what its agent wrote, byte for byte; the last one wrote all lines. */
export async function checkOutput(site: Site, report: CaseReport): Promise<void> {
  const rows = await site.db.select().from(attempts).orderBy(asc(attempts.number));
  let [lost, doubled] = [0, 0];
  for (const { id, number, controlPath, endReason, outputBytes } of rows) {
    const spool = path.join(controlPath, controlFiles.output);
    const written = existsSync(spool) ? readFileSync(spool) : Buffer.alloc(0);
    const stored = await readStored(site, id);
    const isWhole = endReason !== "completed" || written.toString() === allLines;
    if (!isWhole) {
      report.faults.push({
        kind: "output",
        what: `attempt ${number} wrote ${written.length} bytes`,
      });
    }
    if (stored.equals(written) && outputBytes === written.length) continue;
    lost += Math.max(0, written.length - stored.length);
    doubled += Math.max(0, stored.length - written.length);
    const what = `attempt ${number}: ${written.length} bytes written, ${stored.length} stored`;
    report.faults.push({ kind: "output", what: `${what}, ${outputBytes} counted` });
  }
  Object.assign(report.figures, { bytesLost: lost, bytesDoubled: doubled });
}

const allLines = Array.from({ length: linesEach }, (_, index) => `line ${index + 1}\n`).join("");

async function readStored(site: Site, attemptId: AttemptId): Promise<Buffer> {
  const chunks = await site.db
    .select()
    .from(outputChunks)
    .where(and(eq(outputChunks.attemptId, attemptId), eq(outputChunks.stream, "output")))
    .orderBy(asc(outputChunks.offset));
  return Buffer.concat(chunks.map(({ bytes }) => bytes));
}
