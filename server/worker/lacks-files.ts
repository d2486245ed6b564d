import { hasCode } from "@/server/agents/has-code";

/**
 * Whether something failed because this process or its host can open no more files. That passes, and
 * says nothing of a run: what was begun is gone on with when there are some again.
 */
export function lacksFiles(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (hasCode(cause, "EMFILE", "ENFILE")) return true;
  }
  return false;
}
