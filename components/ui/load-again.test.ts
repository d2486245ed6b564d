import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadAgain } from "./load-again";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const missing = () => Object.assign(new Error("Failed to load chunk"), { name: "ChunkLoadError" });

test("loads again until the part comes", async () => {
  const load = vi.fn<() => Promise<string>>();
  load.mockRejectedValueOnce(missing()).mockRejectedValueOnce(missing());
  load.mockResolvedValue("part");
  const loading = loadAgain(load);
  await vi.runAllTimersAsync();
  expect(await loading).toBe("part");
  expect(load).toHaveBeenCalledTimes(3);
});

test("hides no fault of the part itself", async () => {
  const load = vi.fn(async () => Promise.reject(new TypeError("x is not a function")));
  await expect(loadAgain(load)).rejects.toThrow("x is not a function");
  expect(load).toHaveBeenCalledTimes(1);
});
