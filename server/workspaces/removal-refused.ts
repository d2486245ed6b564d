import { Conflict } from "@/server/domain/errors";

export type RefusalReason =
  | "other_installation"
  | "wrong_proof"
  | "old_proof"
  | "files_left_out"
  | "commits_left_out"
  | "unfinished_work"
  | "ignored_files"
  | "not_in_mirror";

/** A workspace is not removed; nothing was touched. */
export class RemovalRefused extends Conflict {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    hint: string,
  ) {
    super(message, { hint, facts: { reason } });
  }
}
