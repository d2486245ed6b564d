import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LineReader, readSpool, type SpoolLine } from "./spool";
import { watchSpool } from "./watch-spool";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coppice-spool-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("readSpool", () => {
  it("reads from an offset, and nothing where nothing is yet", async () => {
    const path = join(folder, "output");
    expect((await readSpool(path, 0, Buffer.alloc(10))).length).toBe(0);
    appendFileSync(path, "0123456789");
    expect((await readSpool(path, 3, Buffer.alloc(4))).toString()).toBe("3456");
    expect((await readSpool(path, 8, Buffer.alloc(100))).toString()).toBe("89");
    expect((await readSpool(path, 50, Buffer.alloc(100))).length).toBe(0);
  });
});

describe("LineReader", () => {
  const text = "one\ntwo €uro\n\nthree\r\nlast without end";
  const bytes = Buffer.from(text);

  function readAll(size: number, startOffset = 0): SpoolLine[] {
    const reader = new LineReader(startOffset);
    const lines: SpoolLine[] = [];
    for (let at = startOffset; at < bytes.length; at += size) {
      expect(reader.readOffset).toBe(at);
      lines.push(...reader.push(bytes.subarray(at, at + size)));
    }
    const last = reader.finish();
    return last ? [...lines, last] : lines;
  }

  it("gives the same lines however the bytes arrive", () => {
    const whole = readAll(bytes.length);
    expect(whole.map((line) => line.text)).toEqual([
      "one",
      "two €uro",
      "",
      "three\r",
      "last without end",
    ]);
    for (let size = 1; size < bytes.length; size++) expect(readAll(size)).toEqual(whole);
  });

  it("gives the rest, no line twice, when begun again at any line's end", () => {
    const whole = readAll(7);
    for (const [index, { endOffset }] of whole.entries()) {
      expect(readAll(3, endOffset)).toEqual(whole.slice(index + 1));
    }
  });

  it("leaves out a line that is too long, holds no more than the limit, and goes on after it", () => {
    const reader = new LineReader(0, 10);
    const lines: SpoolLine[] = [];
    for (const part of ["short\n", "x".repeat(8), "y".repeat(1000), "z\nnext\n"]) {
      lines.push(...reader.push(Buffer.from(part)));
    }
    expect(lines.map((line) => line.text)).toEqual(["short", null, "next"]);
    expect(lines[1]?.endOffset).toBe(6 + 1008 + 2);
  });
});

describe("watchSpool", () => {
  it("tells of a change, and no more once it is over", async () => {
    const done = new AbortController();
    let calls = 0;
    const told = new Promise<void>((resolve) => {
      watchSpool(
        folder,
        () => {
          calls++;
          resolve();
        },
        done.signal,
      );
    });
    appendFileSync(join(folder, "output"), "x");
    await told;
    done.abort();
    const before = calls;
    appendFileSync(join(folder, "output"), "y");
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(calls).toBe(before);
  });

  it("still tells when the folder cannot be watched", async () => {
    const done = new AbortController();
    await new Promise<void>((resolve) => watchSpool(join(folder, "none"), resolve, done.signal));
    done.abort();
  });
});
