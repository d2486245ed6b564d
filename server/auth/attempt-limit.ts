import { DomainError } from "@/server/domain/errors";

const maxKeys = 10_000;

/** Too many failed tries: come back later. */
class TooManyAttempts extends DomainError {
  constructor(retryAfterSeconds: number) {
    super("too_many_requests", "Too many failed attempts.", {
      hint: `Try again in ${retryAfterSeconds} s.`,
      facts: { retryAfterSeconds },
    });
  }
}

/**
 * Counts failures per key in this process, in windows of fixed length. Only failures count, so that
 * whoever is right is never kept waiting by their own success.
 */
export class AttemptLimit {
  private readonly windows = new Map<string, { endsAt: number; failures: number }>();

  constructor(
    private readonly maxFailures: number,
    private readonly windowSeconds: number,
  ) {}

  /** @throws TooManyAttempts when this key has used up its failures. */
  check(key: string, now: Date): void {
    const window = this.windows.get(key);
    if (!window || window.endsAt <= now.getTime() || window.failures < this.maxFailures) return;
    throw new TooManyAttempts(Math.ceil((window.endsAt - now.getTime()) / 1000));
  }

  fail(key: string, now: Date): void {
    const window = this.windows.get(key);
    if (window && window.endsAt > now.getTime()) {
      window.failures += 1;
      return;
    }
    this.forget(now);
    this.windows.set(key, { endsAt: now.getTime() + this.windowSeconds * 1000, failures: 1 });
  }

  clear(key: string): void {
    this.windows.delete(key);
  }

  /** Ended windows go first; a flood of keys pushes out the oldest. */
  private forget(now: Date): void {
    if (this.windows.size < maxKeys) return;
    for (const [key, window] of this.windows) {
      if (window.endsAt <= now.getTime()) this.windows.delete(key);
    }
    for (const key of this.windows.keys()) {
      if (this.windows.size < maxKeys) return;
      this.windows.delete(key);
    }
  }
}
