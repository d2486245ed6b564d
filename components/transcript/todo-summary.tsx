"use client";
import { ChevronRight, ListChecks } from "lucide-react";
import type { Todo } from "./read-todos";
import { TodoList } from "./todo-list";

/** How far the agent is in its own list, in one line that opens to the whole list. */
export function TodoSummary({ todos }: { todos: Todo[] }) {
  const done = todos.filter(({ state }) => state === "done").length;
  const current = todos.find(({ state }) => state === "current");
  return (
    <details className="group/todos shrink-0 border-b">
      <summary className="flex min-h-8 list-none items-center gap-2 px-4 text-xs hover:bg-hover">
        <ListChecks aria-hidden className="size-3.5 shrink-0 text-faint" />
        <span className="shrink-0 font-medium">
          {done} of {todos.length} steps
        </span>
        {current && <span className="min-w-0 truncate text-quiet">{current.text}</span>}
        <ChevronRight
          aria-hidden
          className="ml-auto size-3.5 shrink-0 text-faint group-open/todos:rotate-90"
        />
      </summary>
      <div className="max-h-48 overflow-y-auto px-4 pb-1.5">
        <TodoList todos={todos} />
      </div>
    </details>
  );
}
