import type { PullRequestState } from "@/server/domain/delivery";
import { Unavailable, Unprocessable } from "@/server/domain/errors";

export interface PullRequest {
  number: number;
  url: string;
  state: PullRequestState;
}

export interface RequestText {
  title: string;
  body: string;
}

/** What a forge can do with the pull requests of one repository. */
export interface Forge {
  /** The open request of a branch; null: there is none. */
  findOpen(head: string, base: string): Promise<PullRequest | null>;
  open(head: string, base: string, text: RequestText): Promise<PullRequest>;
  update(number: number, text: RequestText): Promise<PullRequest>;
  close(number: number): Promise<PullRequest>;
  /** Null: nothing has changed since `etag` was given. */
  read(
    number: number,
    etag: string | null,
  ): Promise<{ request: PullRequest; etag: string | null } | null>;
}

/** The forge answered that it will not. */
export class ForgeRefused extends Unprocessable {}

/** The forge did not answer, or asks to wait: it may take it later. */
export class ForgeAway extends Unavailable {}
