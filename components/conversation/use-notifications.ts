"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef } from "react";
import { useLive } from "@/components/live/live-provider";
import { useTRPCClient } from "@/components/live/trpc";
import { statusDress } from "@/components/runs/run-status";
import { useMember } from "@/components/shell/member";
import type { Wake } from "@/server/domain/run-view";
import { useNotificationChoice } from "./notification-choice";
import { wordAsk } from "./question-words";
import { useWaiting } from "./use-waiting";

/**
 * Tells by the browser's notifications what its reader chose: questions that come, and ends of runs
 * that the reader started. Several tabs tell the same thing once.
 */
export function useNotifications(): void {
  const choice = useNotificationChoice();
  const show = useShow();
  const { items, isKnown } = useWaiting();
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!isKnown) return;
    const fresh = items.filter(({ id }) => known.current && !known.current.has(id));
    known.current = new Set([...(known.current ?? []), ...items.map(({ id }) => id)]);
    if (choice === "off") return;
    for (const question of fresh) {
      const title = `#${question.run.number} waits for you`;
      const body = `${wordAsk(question)}\n${question.run.title}`;
      show(question.id, { title, body, href: `/runs/${question.runId}?tab=activity` });
    }
  }, [items, isKnown, choice, show]);
  useEndedRuns(choice === "waiting_and_ended", show);
}

interface Told {
  title: string;
  body: string;
  href: string;
}

function useShow() {
  const router = useRouter();
  return useCallback(
    (tag: string, { title, body, href }: Told) => {
      if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
      if (document.hasFocus()) return;
      const notification = new Notification(title, { body, tag, icon: "/icon-waiting.svg" });
      notification.onclick = () => {
        window.focus();
        router.push(href);
        notification.close();
      };
    },
    [router],
  );
}

function useEndedRuns(isWanted: boolean, show: ReturnType<typeof useShow>) {
  const live = useLive();
  const client = useTRPCClient();
  const { name } = useMember();
  useEffect(() => {
    if (!isWanted) return;
    const tell = async ({ runId }: Wake) => {
      const run = await client.runs.get.query({ id: runId });
      if (run.createdBy !== `member:${name}` || !statusDress[run.status].isEnded) return;
      const title = `#${run.number} ${statusDress[run.status].word.toLowerCase()}`;
      show(`${runId}:ended`, { title, body: run.message.slice(0, 200), href: `/runs/${runId}` });
    };
    return live.onWakes((wakes) => {
      for (const wake of wakes) {
        if (wake.kind !== "event" || wake.event !== "status_changed") continue;
        if (!wake.status || !statusDress[wake.status].isEnded) continue;
        tell(wake).catch((error) => console.warn("The end of a run could not be told.", error));
      }
    });
  }, [isWanted, live, client, name, show]);
}
