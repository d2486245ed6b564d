import { DomainError, type ErrorDetail } from "@/server/domain/errors";

/** Coppice cannot start as things stand; `hint` says what to change. */
export class StartRefused extends DomainError {
  constructor(message: string, detail?: ErrorDetail) {
    super("unavailable", message, detail);
  }
}

/** Web or worker ended again and again before it was ready. */
export class ChildKeepsFailing extends DomainError {
  constructor(name: string, failures: number) {
    super("unavailable", `The ${name} process ended ${failures} times while starting.`, {
      hint: `What it said stands above, in the lines that begin with “${name}”.`,
      facts: { name, failures },
    });
  }
}
