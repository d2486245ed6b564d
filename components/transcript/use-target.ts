"use client";
import { useEffect, useState } from "react";

/** The entry that the address names (`#e123`), or null. */
export function useTarget(): number | null {
  const [target, setTarget] = useState<number | null>(null);
  useEffect(() => {
    const read = () => setTarget(readTarget(window.location.hash));
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);
  return target;
}

export function readTarget(hash: string): number | null {
  const seq = /^#e([1-9]\d{0,9})$/.exec(hash)?.[1];
  return seq === undefined ? null : Number(seq);
}
