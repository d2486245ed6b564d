"use client";
import { CircleAlert, Info } from "lucide-react";
import { useVocabulary } from "@/components/runs/vocabulary";
import { ScrollRegion } from "@/components/ui/scroll-region";
import type { RunView } from "@/server/domain/run-view";

/** Why the run ended as it did and what can be done; nothing for a run that needs no word. */
export function EndNote({ run }: { run: RunView }) {
  const { endReasons } = useVocabulary();
  const facts = run.endReason ? endReasons[run.endReason] : null;
  if (run.verdict === "nothing_produced") {
    return (
      <Note Icon={Info} look="text-warn" title="Nothing was produced">
        The agent ended well but left neither a commit nor a changed file. Continue the session with
        a clearer message, or rerun.
      </Note>
    );
  }
  if (!facts || run.status === "succeeded") return null;
  return (
    <Note
      Icon={run.status === "failed" ? CircleAlert : Info}
      look={run.status === "failed" ? "text-bad" : "text-idle"}
      title={facts.label}
      detail={run.error}
    >
      {facts.nextStep}
    </Note>
  );
}

function Note({
  Icon,
  look,
  title,
  detail,
  children,
}: {
  Icon: typeof Info;
  look: string;
  title: string;
  detail?: string | null;
  children: string;
}) {
  return (
    <div className="flex gap-2 border-b bg-sunken px-4 py-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${look}`} />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        {detail && (
          <ScrollRegion label="The error" className="max-h-32 overflow-auto">
            <pre className="font-mono text-xs whitespace-pre-wrap">{detail}</pre>
          </ScrollRegion>
        )}
        <p className="text-quiet">{children}</p>
      </div>
    </div>
  );
}
