/** One of the two sides of the comparison: both take a command and say when its run has ended. */
export interface Contender {
  name: "floor" | "coppice";
  /** Starts a run of `bash -c` with this command. */
  trigger(command: string): Promise<TriggeredRun>;
  /** The output of a run, as it is kept. */
  readOutput(runId: string): Promise<AsyncIterable<Uint8Array>>;
  processes: { web: number; worker: number };
  stop(): Promise<void>;
}

interface TriggeredRun {
  runId: string;
  /** When the request was sent; wall clock, milliseconds. */
  sentAtMs: number;
  /** When the end came over the live stream. Rejects when the run did not succeed. */
  endedAtMs: Promise<number>;
}

/** Ends that came over a stream, whether they are waited for already or not. */
export class Endings {
  #ends = new Map<string, PromiseWithResolvers<number>>();

  report(runId: string, atMs: number, problem: string | null): void {
    const end = this.#endOf(runId);
    if (problem) end.reject(new Error(`run ${runId} ended as ${problem}`));
    else end.resolve(atMs);
  }

  of(runId: string): Promise<number> {
    return this.#endOf(runId).promise;
  }

  #endOf(runId: string): PromiseWithResolvers<number> {
    const known = this.#ends.get(runId);
    if (known) return known;
    const end = deferred<number>();
    // Somebody asks for it later; until then a failure is not unhandled.
    end.promise.catch(() => undefined);
    this.#ends.set(runId, end);
    return end;
  }
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: Error) => void;
}

function deferred<T>(): PromiseWithResolvers<T> {
  let settle: Omit<PromiseWithResolvers<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (!settle) throw new Error("a promise runs its executor at once");
  return { promise, ...settle };
}
