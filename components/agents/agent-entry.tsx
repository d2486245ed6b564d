import { CircleCheck, CircleSlash } from "lucide-react";
import { Badge, type Tone } from "@/components/ui/badge";
import { Copyable } from "@/components/ui/copyable";
import { type AgentProgramView, describeSignIn } from "@/server/domain/agent-program";
import { AgentFixes } from "./agent-fixes";

/** One agent on one host: what was found, and what to type where it cannot be used yet. */
export function AgentEntry({ agent }: { agent: AgentProgramView }) {
  const { label, problem, version, program, command } = agent;
  const isFound = problem === null;
  const Icon = isFound ? CircleCheck : CircleSlash;
  // How the host keeps agents apart stands above all of them.
  const fixes = agent.fixes.filter(({ what }) => what !== agent.isolationWhy);
  return (
    <li className="grid gap-x-4 gap-y-1 border-b px-4 py-2 md:grid-cols-[150px_minmax(0,2fr)_minmax(0,3fr)]">
      <span className="flex items-center gap-1.5 self-start font-medium">
        <Icon
          aria-hidden
          className={isFound ? "size-3.5 shrink-0 text-good" : "size-3.5 shrink-0 text-warn"}
        />
        {label}
      </span>
      <div className="flex min-w-0 flex-col items-start gap-1">
        {isFound ? (
          <>
            <span className="flex flex-wrap items-center gap-2">
              <span className="text-quiet">{version ?? "found"}</span>
              <SignIn signIn={agent.signIn} />
            </span>
            <Copyable
              text={program}
              what={`the path of ${label}`}
              className="max-w-full text-quiet"
            />
          </>
        ) : (
          <span className="break-words text-warn">{problem}</span>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-1">
        <AgentFixes fixes={fixes} />
        {command && isFound && (
          <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-quiet">
            Command of its workflows:
            <Copyable text={command} what={`the command of ${label}`} />
          </p>
        )}
      </div>
    </li>
  );
}

const tones: Record<AgentProgramView["signIn"]["state"], Tone> = {
  login: "good",
  key: "good",
  none: "warn",
  unknown: "idle",
  not_needed: "idle",
};

function SignIn({ signIn }: Pick<AgentProgramView, "signIn">) {
  if (signIn.state === "not_needed") return null;
  const words = {
    login: "signed in",
    key: "by a key",
    none: "not signed in",
    unknown: "sign-in not known",
  };
  return (
    <Badge tone={tones[signIn.state]} title={describeSignIn(signIn)}>
      {words[signIn.state]}
    </Badge>
  );
}
