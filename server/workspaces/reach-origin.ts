import path from "node:path";
import { Unprocessable } from "@/server/domain/errors";
import { type Origin, parseOrigin } from "@/server/domain/git-names";
import { exists } from "./exists";
import { GitFailed, type GitOptions } from "./git";
import { refusePrivateAddress } from "./refuse-private-address";

export interface Reach {
  origin: Origin;
  address: string;
  /** Options for `ls-remote` and `fetch`. */
  flags: string[];
  options: Pick<GitOptions, "allowProtocols" | "settings">;
}

/**
 * Tells how git reaches an origin: protocol, pinned address, and for a local path the right to read
 * a repository that another account owns.
 * @throws BadInput for an address that may not be registered, Unprocessable for a refused host.
 */
export async function reachOrigin(text: string): Promise<Reach> {
  const origin = parseOrigin(text);
  if (origin.kind === "local") {
    const flags = ["--upload-pack=git -c safe.directory=* -c core.hooksPath=/dev/null upload-pack"];
    return { origin, address: origin.path, flags, options: { allowProtocols: "file" } };
  }
  const settings = await refusePrivateAddress(origin);
  return {
    origin,
    address: origin.url,
    flags: [],
    options: { allowProtocols: "https:ssh", settings },
  };
}

/** The origin could not be read. `reason` is stable; message and hint are for people. */
export class OriginUnreachable extends Unprocessable {
  constructor(
    readonly reason: OriginProblem,
    message: string,
    hint: string,
    cause?: unknown,
  ) {
    super(message, { hint, facts: { reason }, cause });
  }
}

export type OriginProblem =
  | "missing"
  | "not_a_repository"
  | "unreadable"
  | "inside_home"
  | "empty"
  | "unknown_host"
  | "no_answer"
  | "sign_in_failed"
  | "host_key_unknown"
  | "redirected"
  | "other";

const symptoms: [RegExp, OriginProblem, string, string][] = [
  [
    /could not resolve host|name or service not known|temporary failure in name resolution/i,
    "unknown_host",
    "its host is not known",
    "Check the spelling of the address, and this host's name server.",
  ],
  [
    /host key verification failed/i,
    "host_key_unknown",
    "the server's host key is not known here",
    "Connect once with ssh as the account that runs Coppice, and accept the key.",
  ],
  [
    /permission denied \(|authentication failed|could not read username|could not read password|error: 40[13]|repository not found|does not appear to be a git repository|could not read from remote/i,
    "sign_in_failed",
    "the server does not give it to this host",
    "Give the account that runs Coppice a key or a credential helper that may read it, and check the path.",
  ],
  [
    /redirect|error: 30\d/i,
    "redirected",
    "the server points to another address",
    "Register the address that the server redirects to.",
  ],
  [
    /connection refused|timed out|no route to host|network is unreachable|failed to connect|could not connect/i,
    "no_answer",
    "its server does not answer",
    "Check the address and port, and that this host may reach it.",
  ],
];

/** Turns git's failure to read an origin into one with a reason and a next step. */
export function explainOriginFailure(error: unknown, address: string): unknown {
  if (!(error instanceof GitFailed)) return error;
  const found = symptoms.find(([pattern]) => pattern.test(error.stderr));
  if (error.timedOut) {
    const hint = "Check the address and port, and that this host may reach it.";
    return new OriginUnreachable(
      "no_answer",
      `${address}: its server does not answer.`,
      hint,
      error,
    );
  }
  if (!found) {
    const hint = "See the details of the error.";
    return new OriginUnreachable(
      "other",
      `${address} cannot be read: ${error.message}`,
      hint,
      error,
    );
  }
  const [, reason, why, hint] = found;
  return new OriginUnreachable(reason, `${address} cannot be read: ${why}.`, hint, error);
}

/** The folder that holds a local repository's refs: itself, its `.git`, or where a `.git` file points. */
export async function isGitFolder(folder: string): Promise<boolean> {
  const parts = await Promise.all(
    ["HEAD", "objects", "refs"].map((name) => exists(path.join(folder, name))),
  );
  return parts.every(Boolean);
}
