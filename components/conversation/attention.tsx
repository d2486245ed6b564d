"use client";
import { MessageCircleQuestion } from "lucide-react";
import Link from "next/link";
import { useNotifications } from "./use-notifications";
import { usePageMark } from "./use-page-mark";
import { useWaiting } from "./use-waiting";

/** On every page: how many questions wait for a person, in the bar, the tab's title and its icon. */
export function Attention() {
  const { items } = useWaiting();
  const count = items.length;
  usePageMark(count);
  useNotifications();
  const [first] = items;
  if (!first) return null;
  const words = count === 1 ? "1 question waits for you" : `${count} questions wait for you`;
  return (
    <Link
      href={count === 1 ? `/runs/${first.runId}?tab=activity` : "/"}
      prefetch={false}
      title={words}
      aria-label={words}
      className="flex h-8 shrink-0 items-center gap-1 rounded-md px-1.5 text-xs font-medium text-warn hover:bg-hover"
    >
      <MessageCircleQuestion aria-hidden className="size-4" />
      <span aria-hidden>{count}</span>
    </Link>
  );
}
