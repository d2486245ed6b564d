import { answerQuestion } from "./codex-questions";
import {
  ask,
  type CodexState,
  type CodexStep,
  followedBy,
  freshState,
  isAskedFor,
  isBypass,
  stepTo,
  withLaterFields,
} from "./codex-state";
import { interruptTurn, say } from "./codex-turns";
import { measureCodex } from "./codex-usage";
import { concludeCodex } from "./conclude-codex";
import type { AgentDriver, DriverContext, Launch, OperatorInput } from "./driver";
import { answerPause, endPause, wantPause } from "./pause";
import { readCodexLine } from "./read-codex-line";

/**
 * Codex, as its app server: JSON-RPC over lines. It names the conversation (its “thread”) in a reply,
 * so it is greeted first; the prompt follows when the name is stored.
 */
export const codex: AgentDriver<CodexState> = {
  kind: "codex",
  version: 2,
  reads: "lines",
  launch,
  greet,
  begin,
  readLine: (state, line) => readCodexLine(withLaterFields(state), line),
  receive: (state, input) => receive(withLaterFields(state), input),
  measure: measureCodex,
  conclude: concludeCodex,
};

function launch({ program, extraArguments = [] }: DriverContext): Launch {
  const settings = [
    "analytics.enabled=false",
    "check_for_update_on_startup=false",
    // Connectors would act on the operator's account elsewhere; plug-ins are fetched for each new home.
    "features.apps=false",
    "features.plugins=false",
    "features.remote_plugin=false",
  ];
  const given = settings.flatMap((setting) => ["-c", setting]);
  const argv = [program, ...given, ...extraArguments, "app-server"];
  return { argv, environment: {} };
}

/**
 * Parts of a message that come piece by piece are left out: each comes whole later, and a secret that
 * is cut over two lines could not be covered.
 */
const unwanted = [
  "item/agentMessage/delta",
  "item/plan/delta",
  "item/reasoning/textDelta",
  "item/reasoning/summaryTextDelta",
  "item/reasoning/summaryPartAdded",
  "item/commandExecution/outputDelta",
  "item/fileChange/outputDelta",
  "item/fileChange/patchUpdated",
  "turn/diff/updated",
];

function greet(context: DriverContext): CodexStep {
  return ask(freshState(context, describeOpening(context)), "initialize", "initialize", {
    clientInfo: { name: "coppice", title: "Coppice", version: "1" },
    capabilities: {
      experimentalApi: false,
      requestAttestation: false,
      optOutNotificationMethods: unwanted,
    },
  });
}

function describeOpening(context: DriverContext): NonNullable<CodexState["opening"]> {
  const settings = {
    cwd: context.workspacePath,
    model: context.model,
    developerInstructions: context.systemPrompt,
    ...describeLimits(context),
  };
  if (!context.isResume) return { method: "thread/start", params: settings };
  const threadId = context.nativeSessionId;
  return { method: "thread/resume", params: { threadId, excludeTurns: true, ...settings } };
}

/**
 * Inside our sandbox Codex needs none of its own. Outside, its own keeps commands to the workspace.
 * Told never to ask, it would refuse a plain “rm -f” by itself, and in silence.
 */
function describeLimits(context: DriverContext) {
  const asks = isAskedFor(context) && !isBypass(context);
  const approvalPolicy = asks ? "untrusted" : "on-request";
  if (context.isSandboxed) return { sandbox: "danger-full-access", approvalPolicy };
  const { workspacePath } = context;
  return {
    sandbox: "workspace-write",
    approvalPolicy,
    // Codex keeps .git read-only unless it is named; the agent could not commit.
    config: {
      "sandbox_workspace_write.writable_roots": [`${workspacePath}/.git`],
      "sandbox_workspace_write.network_access": true,
      // Each attempt has a TMPDIR of its own; /tmp is everybody's.
      "sandbox_workspace_write.exclude_slash_tmp": true,
    },
  };
}

function begin(context: DriverContext, greeted?: CodexState): CodexStep {
  if (!greeted?.threadId) throw new Error("Codex has not named the conversation yet");
  const state = { ...greeted, isGreeting: false, opening: null };
  const step = say(state, { messageId: null, text: context.prompt });
  if (context.maxCostUsd === null) return step;
  const text = "Codex does not tell what it costs, so the cost limit of this run is not watched.";
  return { ...step, entries: [...step.entries, { kind: "notice", text }] };
}

function receive(state: CodexState, input: OperatorInput): CodexStep {
  // Its stdin is closed or closing: what comes now stays undelivered.
  if (stepTo(state).isInputOver) return stepTo(state);
  switch (input.kind) {
    case "message":
      return endPause(state, (next) => say(next, { messageId: input.id, text: input.text }));
    case "interrupt":
      if (state.pausedBy !== null) return stepTo(state);
      return interruptTurn(wantPause(state, input.isPause === true));
    case "answer": {
      const answered = answerPause(state, input);
      return answered ? stepTo(answered) : answerAndExplain(state, input);
    }
  }
}

/** Codex's refusals carry no words, so the reason follows as a message. */
function answerAndExplain(
  state: CodexState,
  answer: Extract<OperatorInput, { kind: "answer" }>,
): CodexStep {
  const asked = state.questions.find(({ questionId }) => questionId === answer.questionId);
  const step = answerQuestion(state, answer);
  if (!asked || answer.isAllowed || !answer.text) return step;
  const text = `“${asked.tool}” was denied: ${answer.text}`;
  return followedBy(step, (next) => say(next, { messageId: answer.id, text }));
}
