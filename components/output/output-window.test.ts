import { describe, expect, it } from "vitest";
import {
  extendDown,
  extendUp,
  lineAt,
  type OutputWindow,
  openWindow,
  windowFrom,
  windowLimits,
  windowTo,
} from "./output-window";

const encode = (text: string) => new TextEncoder().encode(text);
const read = (window: OutputWindow) =>
  Array.from({ length: window.lineCount }, (_, index) => lineAt(window, index));

describe("output window", () => {
  it("leaves out a line that began before its bytes", () => {
    const window = openWindow(10, encode("of a line\nsecond\nthird"));
    expect(read(window)).toEqual(["second", "third"]);
    expect(windowFrom(window)).toBe(20);
    expect(windowTo(window)).toBe(32);
  });

  it("keeps the beginning when its bytes are the output's first", () => {
    expect(read(openWindow(0, encode("first\n\nthird\n")))).toEqual(["first", "", "third"]);
  });

  it("gives every line once when it is read backwards in pieces of any size", () => {
    const whole = encode(Array.from({ length: 200 }, (_, n) => `line ${n} äöü`).join("\n"));
    for (const size of [17, 64, 999]) {
      let from = Math.max(0, whole.length - size);
      let window = openWindow(from, whole.subarray(from));
      while (windowFrom(window) > 0) {
        const to = windowFrom(window);
        from = Math.max(0, to - size);
        window = extendUp(window, from, whole.subarray(from, to));
      }
      expect(read(window)).toEqual(new TextDecoder().decode(whole).split("\n"));
      expect(window.firstLine + window.lineCount).toBeGreaterThan(0);
    }
  });

  it("joins a line and a character that two pieces share", () => {
    const whole = encode("one\ntwö\nthree");
    for (let cut = 1; cut < whole.length; cut++) {
      const window = extendDown(openWindow(0, whole.subarray(0, cut)), whole.subarray(cut));
      expect(read(window)).toEqual(["one", "twö", "three"]);
      expect(windowTo(window)).toBe(whole.length);
    }
  });

  it("counts the lines put before so that a view can stay where it is", () => {
    const window = openWindow(8, encode("x\nlast"));
    const longer = extendUp(window, 0, encode("one\ntwo\nx\n").subarray(0, windowFrom(window)));
    expect(longer.firstLine).toBe(window.firstLine - (longer.lineCount - window.lineCount));
  });

  it("drops the far side when it holds too much", () => {
    const piece = encode(`${"a".repeat(1023)}\n`.repeat(1024));
    let window = openWindow(0, piece);
    for (let n = 0; n < 20; n++) window = extendDown(window, piece);
    expect(windowTo(window) - windowFrom(window)).toBeLessThanOrEqual(windowLimits.maxBytes);
    expect(windowTo(window)).toBe(21 * piece.length);
    expect(window.firstLine).toBe(windowFrom(window) / 1024);
  });
});
