import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { and, asc, eq, inArray, isNotNull } from "drizzle-orm";
import { attempts, outputChunks, outputTrims, runs } from "@/db/schema";
import { controlFiles } from "@/server/agents/control-folder";
import type { AttemptId } from "@/server/domain/ids";
import { type BrokenInvariant, broken, type Judged } from "./broken-invariant";

type Stream = "output" | "stderr";

/** One stream of an attempt as the database has it. */
interface Stored {
  spoolPath: string;
  /** Then all that was written is stored. */
  isOver: boolean;
  bytes: number;
  hole: { fromByte: number; toByte: number } | null;
  chunks: { offset: number; bytes: Buffer }[];
}

const star = "*".charCodeAt(0);

/**
 * I6: what is stored of an agent's output is what it wrote: no gap, no overlap, as long as the spool,
 * and each byte the spool's own or a `*` that covers a secret. Holes that a trimming tells of are none.
 * An attempt that goes on may have less stored than it wrote.
 */
export async function checkOutput({ db, hosts }: Judged): Promise<BrokenInvariant[]> {
  const begun = await db
    .select({ id: attempts.id, number: attempts.number, runNumber: runs.number })
    .from(attempts)
    .innerJoin(runs, eq(runs.id, attempts.runId))
    .where(
      and(
        isNotNull(attempts.agentStartedAt),
        inArray(
          attempts.workerId,
          hosts.map(({ workerId }) => workerId),
        ),
      ),
    )
    .orderBy(asc(runs.number), asc(attempts.number));
  const found: BrokenInvariant[] = [];
  for (const { id, number, runNumber } of begun) {
    for (const stream of ["output", "stderr"] as const) {
      const stored = await readStored(db, id, stream);
      if (!stored) continue;
      const wrong = [...findGaps(stored), ...(await compareSpool(stored))];
      found.push(
        ...wrong.map((what) =>
          broken("I6", `#${runNumber}`, `${stream} of attempt ${number} ${what}`),
        ),
      );
    }
  }
  return found;
}

/** Chunks and the row that sums them up, at one moment: the attempt may go on meanwhile. */
function readStored(db: Judged["db"], id: AttemptId, stream: Stream): Promise<Stored | null> {
  return db.transaction(
    async (tx) => {
      const [attempt] = await tx.select().from(attempts).where(eq(attempts.id, id));
      const [hole] = await tx
        .select({ fromByte: outputTrims.fromByte, toByte: outputTrims.toByte })
        .from(outputTrims)
        .where(and(eq(outputTrims.attemptId, id), eq(outputTrims.stream, stream)));
      const chunks = await tx
        .select({ offset: outputChunks.offset, bytes: outputChunks.bytes })
        .from(outputChunks)
        .where(and(eq(outputChunks.attemptId, id), eq(outputChunks.stream, stream)))
        .orderBy(asc(outputChunks.offset));
      if (!attempt) return null;
      return {
        spoolPath: path.join(attempt.controlPath, controlFiles[stream]),
        isOver: attempt.endedAt !== null,
        bytes: stream === "output" ? attempt.outputBytes : attempt.stderrBytes,
        hole: hole ?? null,
        chunks,
      };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

function findGaps({ chunks, hole, bytes: said }: Stored): string[] {
  const wrong: string[] = [];
  let end = 0;
  for (const { offset, bytes } of chunks) {
    if (end === hole?.fromByte) end = hole.toByte;
    if (offset !== end) wrong.push(`has a chunk at ${offset}, where ${end} was due`);
    end = offset + bytes.length;
  }
  if (end === hole?.fromByte) end = hole.toByte;
  return end === said ? wrong : [...wrong, `ends at ${end}, and its row says ${said}`];
}

async function compareSpool({ spoolPath, isOver, bytes, chunks }: Stored): Promise<string[]> {
  const spool = await openIfThere(spoolPath);
  if (!spool) return [];
  try {
    const { size } = await spool.stat();
    const isWhole = isOver ? size === bytes : size >= bytes;
    return [
      ...(isWhole ? [] : [`is stored to ${bytes}, and the spool has ${size} bytes`]),
      ...(await compareBytes(spool, chunks)),
    ];
  } finally {
    await spool.close();
  }
}

/** Only `*` may stand where the spool has something else. */
async function compareBytes(
  spool: FileHandle,
  chunks: { offset: number; bytes: Buffer }[],
): Promise<string[]> {
  for (const { offset, bytes } of chunks) {
    const written = Buffer.alloc(bytes.length);
    const { bytesRead } = await spool.read(written, 0, bytes.length, offset);
    if (written.equals(bytes)) continue;
    const at = bytes.findIndex(
      (byte, index) => byte !== star && (index >= bytesRead || byte !== written[index]),
    );
    if (at !== -1) return [`differs from the spool at byte ${offset + at}`];
  }
  return [];
}

/** Null when the control folder was cleaned away. */
async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}
