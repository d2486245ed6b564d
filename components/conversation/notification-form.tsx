"use client";
import { useState, useSyncExternalStore } from "react";
import {
  keepNotificationChoice,
  type NotificationChoice,
  notificationChoices,
  useNotificationChoice,
} from "./notification-choice";

const words: Record<NotificationChoice, { label: string; hint: string }> = {
  off: { label: "Off", hint: "The tab's title and icon still show what waits." },
  waiting: { label: "Questions", hint: "When an agent waits for an answer." },
  waiting_and_ended: {
    label: "Questions and ends",
    hint: "Also when a run that you started has ended.",
  },
};

/** What this browser tells when its window is not looked at. Permission is asked for by a click only. */
export function NotificationForm() {
  const choice = useNotificationChoice();
  const isOffered = useSyncExternalStore(
    () => () => {},
    () => "Notification" in window && window.isSecureContext,
    () => true,
  );
  const [isRefused, setIsRefused] = useState(false);
  const choose = async (next: NotificationChoice) => {
    if (next !== "off" && (await Notification.requestPermission()) !== "granted") {
      setIsRefused(true);
      return;
    }
    setIsRefused(false);
    keepNotificationChoice(next);
  };
  return (
    <form className="flex flex-col gap-3 px-4 py-4">
      <fieldset disabled={!isOffered} className="flex flex-col gap-2 disabled:opacity-50">
        <legend className="mb-2 font-medium">Notifications of this browser</legend>
        {notificationChoices.map((each) => (
          <label key={each} className="flex items-start gap-2">
            <input
              type="radio"
              name="notifications"
              value={each}
              checked={choice === each}
              onChange={() => void choose(each)}
              className="mt-[3px]"
            />
            <span>
              {words[each].label}
              <span className="block text-xs text-faint">{words[each].hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div role="status" className="max-w-prose text-sm text-warn empty:hidden">
        {isOffered
          ? isRefused &&
            "The browser did not allow it. Allow notifications for this address in the browser's settings, then choose again."
          : "This browser shows notifications only over https or on this computer itself (localhost)."}
      </div>
    </form>
  );
}
