import { expect, it } from "vitest";
import { type ReplayOptions, replay, spoolOf } from "./testing-replay";

/**
 * What every driver that reads lines must hold: it is a function of what it has read, so that it does
 * not matter how the bytes arrive, or where a worker dies and another goes on.
 */
export function testConformance<State>(
  streams: [name: string, options: ReplayOptions<State>][],
): void {
  it.each(streams)("reads %s the same however its bytes are cut", (_name, options) => {
    const whole = replay(options);
    for (const pieceBytes of [1, 2, 7, 64, 1000]) {
      expect(replay({ ...options, pieceBytes }), `pieces of ${pieceBytes}`).toEqual(whole);
    }
  });

  it.each(streams)("reads %s the same when it is begun again after any line", (_name, options) => {
    const whole = replay(options);
    const lines = spoolOf(options.recorded).toString().split("\n").length - 1;
    for (let restartAfter = 0; restartAfter <= lines; restartAfter++) {
      expect(replay({ ...options, restartAfter }), `after line ${restartAfter}`).toEqual(whole);
    }
  });

  it.each(streams)(
    "says of %s, cut before its end, nothing it would take back",
    (_name, options) => {
      const whole = replay(options);
      const lines = spoolOf(options.recorded).toString().split("\n").length - 1;
      for (let upTo = 0; upTo < lines; upTo++) {
        const part = replay({ ...options, upTo });
        expect(whole.entries.slice(0, part.entries.length), `${upTo} lines`).toEqual(part.entries);
        expect(whole.replies.slice(0, part.replies.length), `${upTo} lines`).toEqual(part.replies);
      }
    },
  );
}
