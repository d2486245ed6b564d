"use client";
import { useLinkStatus } from "next/link";

/** A dot beside a link that was followed and whose page is on its way; its place is always kept. */
export function LinkPending() {
  const { pending } = useLinkStatus();
  return (
    <span
      aria-hidden
      className={
        pending ? "ml-auto size-1.5 shrink-0 rounded-full bg-live breathes" : "ml-auto size-1.5"
      }
    />
  );
}
