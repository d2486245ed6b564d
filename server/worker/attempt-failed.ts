import type { EndReason } from "@/server/domain/end-reasons";
import { DomainError } from "@/server/domain/errors";
import { lacksFiles } from "./lacks-files";

/** A phase of an attempt could not be carried out; the reason is the attempt's end. */
export class AttemptFailed extends DomainError {
  constructor(
    readonly reason: EndReason,
    message: string,
    cause?: unknown,
  ) {
    const known = cause instanceof DomainError ? cause : null;
    super("unprocessable", message, {
      cause,
      ...(known?.hint ? { hint: known.hint } : {}),
      facts: { reason, ...known?.facts },
    });
  }
}

/** Runs a step and names what its failure means for the attempt. */
export async function failingAs<Result>(
  reason: EndReason,
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (lacksFiles(error)) throw error;
    if (!(error instanceof DomainError) || error instanceof AttemptFailed) {
      if (!isFileError(error)) throw error;
    }
    if (error instanceof AttemptFailed) throw error;
    const hint = error instanceof DomainError && error.hint ? ` ${error.hint}` : "";
    throw new AttemptFailed(reason, `${(error as Error).message}${hint}`, error);
  }
}

/** The errors of the file system that say something about the host, not about our code. */
function isFileError(error: unknown): boolean {
  const { code, syscall } = (error ?? {}) as { code?: string; syscall?: string };
  return typeof code === "string" && typeof syscall === "string";
}
