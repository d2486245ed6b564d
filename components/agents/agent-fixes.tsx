import { CopyButton } from "@/components/ui/copy-button";
import type { AgentFix } from "@/server/domain/agent-program";

/** What to type on the host, each with a button that copies it. */
export function AgentFixes({ fixes }: { fixes: readonly AgentFix[] }) {
  if (fixes.length === 0) return null;
  return (
    <ul className="flex min-w-0 flex-col gap-1 text-xs leading-5 text-quiet">
      {fixes.map(({ what, command }) => (
        <li key={what} className="min-w-0">
          <p className="break-words">{what}</p>
          {command && (
            <span className="flex min-w-0 items-center gap-0.5">
              <code
                className="min-w-0 truncate rounded-sm bg-sunken px-1.5 font-mono"
                title={command}
              >
                {command}
              </code>
              <CopyButton text={command} what={`“${command}”`} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
