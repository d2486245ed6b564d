import {
  nextMessageTool,
  type QuestionState,
  type QuestionView,
} from "@/server/domain/conversation";

const outcomes: Record<QuestionState, string> = {
  open: "Waits for an answer",
  allowed: "Allowed",
  denied: "Denied",
  expired: "Denied by itself: nobody answered in time",
  moot: "Not answered: the agent went on or ended",
};

/** What became of a question, in a few words; who did it stands beside. */
export function wordOutcome(question: QuestionView): string {
  if (question.state === "denied" && isPause(question)) return "The run was ended";
  if (question.state === "moot" && isPause(question)) return "Interrupted; a message came next";
  if (question.state === "allowed" && question.needsWords) return "Answered";
  if (question.state === "allowed" && question.isForSession) return "Allowed in this session";
  return outcomes[question.state];
}

/** What the agent wants, as the heading of its question. */
export function wordAsk(question: QuestionView): string {
  if (isPause(question)) return "The agent is interrupted. What comes next?";
  return question.needsWords ? "The agent asks" : `May the agent use ${question.tool}?`;
}

/** Coppice's own question after an interrupt; any message answers it. */
export function isPause({ tool }: Pick<QuestionView, "tool">): boolean {
  return tool === nextMessageTool;
}
