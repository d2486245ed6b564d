"use client";
import { useCallback, useSyncExternalStore } from "react";

const watchers = new Set<() => void>();
const known = new Map<string, { text: string | null; value: unknown }>();

/**
 * A value that this browser remembers under a key, the same in all its tabs. `fallback` must be the same
 * object on every call; it also stands for what cannot be read.
 */
export function useStored<Value>(
  key: string,
  fallback: Value,
): [Value, (change: (before: Value) => Value) => void] {
  const value = useSyncExternalStore(
    watch,
    () => read(key, fallback),
    () => fallback,
  );
  const change = useCallback(
    (next: (before: Value) => Value) => {
      const value = next(read(key, fallback));
      const text = JSON.stringify(value);
      known.set(key, { text, value });
      try {
        localStorage.setItem(key, text);
      } catch (error) {
        console.warn(`“${key}” is not remembered: the browser's storage is full or closed.`, error);
      }
      for (const watcher of watchers) watcher();
    },
    [key, fallback],
  );
  return [value, change];
}

function read<Value>(key: string, fallback: Value): Value {
  const before = known.get(key);
  const text = readText(key, before?.text ?? null);
  if (before && before.text === text) return before.value as Value;
  const value = text === null ? fallback : parse(text, fallback);
  known.set(key, { text, value });
  return value;
}

/** Where the storage is closed, what this page itself wrote last still holds. */
function readText(key: string, before: string | null): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return before;
  }
}

function parse<Value>(text: string, fallback: Value): Value {
  try {
    const value = JSON.parse(text) as Value;
    const isAlike =
      typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
    if (!isAlike || value === null) return fallback;
    return isRecord(value) ? { ...fallback, ...value } : value;
  } catch {
    return fallback;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  window.addEventListener("storage", watcher);
  return () => {
    watchers.delete(watcher);
    window.removeEventListener("storage", watcher);
  };
}
