import { clsx } from "clsx";
import { Circle, CircleCheck, CircleDot } from "lucide-react";
import type { Todo } from "./read-todos";

const dress = {
  open: { Icon: Circle, look: "text-faint", word: "to do" },
  current: { Icon: CircleDot, look: "text-live", word: "now" },
  done: { Icon: CircleCheck, look: "text-good", word: "done" },
} as const;

/** The agent's own steps: which are done, and which it is at. */
export function TodoList({ todos }: { todos: Todo[] }) {
  return (
    <ol className="my-1 flex flex-col gap-0.5">
      {todos.map(({ text, state }, index) => {
        const { Icon, look, word } = dress[state];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the agent names its steps by their place
          <li key={index} className="flex items-start gap-2">
            <Icon aria-label={word} className={clsx("mt-[3px] size-3.5 shrink-0", look)} />
            <span
              className={clsx(
                "min-w-0",
                state === "current" && "font-medium",
                state === "done" && "text-quiet",
              )}
            >
              {text}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
