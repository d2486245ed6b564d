import { splitCommand } from "@/server/domain/split-command";
import { findAcpAgent } from "./acp-agents";
import { interrupt, refuseNext, say } from "./acp-prompts";
import { answerAcp } from "./acp-questions";
import { type AcpState, type AcpStep, allowsAll, ask, freshState, stepTo } from "./acp-state";
import { concludeAcp } from "./conclude-acp";
import type { AgentDriver, DriverContext, Launch, OperatorInput } from "./driver";
import { readAcpLine } from "./read-acp-line";
import { protocolVersion } from "./read-acp-reply";

/**
 * Any agent that speaks the Agent Client Protocol: JSON-RPC over lines. It names the conversation (its
 * “session”) in a reply, so it is greeted first; the prompt follows when the name is stored.
 */
export const acp: AgentDriver<AcpState> = {
  kind: "acp",
  version: 1,
  reads: "lines",
  launch,
  greet,
  begin,
  readLine: readAcpLine,
  receive,
  conclude: concludeAcp,
};

/** The workflow's own program line, started without a shell; `program` is where its first word was found. */
function launch(context: DriverContext): Launch {
  const [, ...rest] = splitCommand(context.command ?? "");
  const agent = findAcpAgent(context.command);
  return {
    argv: [context.program, ...rest],
    environment: {
      ...agent?.fixedVariables,
      ...(allowsAll(context) ? {} : agent?.askingVariables),
    },
  };
}

/** Files are read and written, and commands run, by the agent itself: it works where we put it. */
function greet(context: DriverContext): AcpStep {
  return ask(freshState(context), "initialize", "initialize", {
    protocolVersion,
    clientInfo: { name: "coppice", title: "Coppice", version: "1" },
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
  });
}

function begin(context: DriverContext, greeted?: AcpState): AcpStep {
  if (!greeted?.sessionId) throw new Error("The agent has not named the conversation yet");
  const notices = findNotices(context, greeted);
  const begun = { ...greeted, isGreeting: false, isRereading: true };
  const step = say(begun, { messageId: null, text: context.prompt });
  return {
    ...step,
    entries: [...notices.map((text) => ({ kind: "notice" as const, text })), ...step.entries],
  };
}

/** What an operator should know before the agent's first word. */
function findNotices(context: DriverContext, greeted: AcpState): string[] {
  const { nativeSessionId: before } = context;
  return [
    ...(before !== null && before !== greeted.sessionId
      ? [
          "This agent cannot go on with its earlier conversation, so it begins a new one here. Its work is still in the workspace.",
        ]
      : []),
    ...(context.maxTurns === null
      ? []
      : ["This agent does not count its turns, so the limit of turns of this run is not watched."]),
    ...(context.model === null
      ? []
      : ["The model of this agent is chosen in its command; the workflow's model is not used."]),
  ];
}

function receive(state: AcpState, input: OperatorInput): AcpStep {
  // Its stdin is closed or closing: what comes now stays undelivered.
  if (stepTo(state).isInputOver) return stepTo(state);
  switch (input.kind) {
    case "message":
      return say(state, { messageId: input.id, text: input.text });
    case "interrupt":
      return interrupt(state, input);
    case "answer":
      return refuseNext(state, input) ?? answerAcp(state, input);
  }
}
