"use client";
import { useSyncExternalStore } from "react";

/** Of what this browser tells by a notification of its own. */
export const notificationChoices = ["off", "waiting", "waiting_and_ended"] as const;
export type NotificationChoice = (typeof notificationChoices)[number];

const key = "coppice.notifications";
const watchers = new Set<() => void>();

export function useNotificationChoice(): NotificationChoice {
  return useSyncExternalStore(watch, readChoice, () => "off" as const);
}

export function keepNotificationChoice(choice: NotificationChoice): void {
  localStorage.setItem(key, choice);
  for (const watcher of watchers) watcher();
}

function readChoice(): NotificationChoice {
  const kept = localStorage.getItem(key);
  return notificationChoices.find((choice) => choice === kept) ?? "off";
}

/** Another tab's choice is this one's too. */
function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  window.addEventListener("storage", watcher);
  return () => {
    watchers.delete(watcher);
    window.removeEventListener("storage", watcher);
  };
}
