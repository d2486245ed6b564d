import { z } from "zod";
import { answerQuestion, answerQuestionInputSchema } from "@/server/conversation/answer-question";
import { editMessage, editMessageInputSchema } from "@/server/conversation/edit-message";
import { interruptRun, interruptRunInputSchema } from "@/server/conversation/interrupt-run";
import { listWaiting, listWaitingInputSchema } from "@/server/conversation/list-waiting";
import { readConversation } from "@/server/conversation/read-conversation";
import { steerRun, steerRunInputSchema } from "@/server/conversation/steer-run";
import {
  withdrawMessage,
  withdrawMessageInputSchema,
} from "@/server/conversation/withdraw-message";
import {
  conversationViewSchema,
  messageViewSchema,
  questionViewSchema,
  waitingQuestionViewSchema,
} from "@/server/domain/conversation-views";
import { resolveRunId } from "@/server/runs/resolve-run-id";
import { rest } from "./rest-meta";
import { itemsOf, keySchema } from "./shapes";
import { operatorProcedure, router, viewerProcedure } from "./trpc";

const ofRun = { runId: keySchema };

export const conversationRouter = router({
  view: viewerProcedure
    .meta(rest("GET", "/runs/{runId}/conversation", "What an agent was told and asks, with states"))
    .input(z.strictObject(ofRun))
    .output(conversationViewSchema)
    .query(async ({ ctx, input }) => {
      const runId = await resolveRunId(ctx.db, input.runId);
      return readConversation(ctx.db, { runId }, ctx.actor);
    }),

  messages: viewerProcedure
    .meta(rest("GET", "/runs/{runId}/messages", "What was said to a running agent, oldest first"))
    .input(z.strictObject(ofRun))
    .output(itemsOf(messageViewSchema))
    .query(async ({ ctx, input }) => {
      const runId = await resolveRunId(ctx.db, input.runId);
      const { messages } = await readConversation(ctx.db, { runId }, ctx.actor);
      return { items: messages };
    }),

  waiting: viewerProcedure
    .meta(rest("GET", "/questions", "The questions that wait for an answer, most urgent first"))
    .input(listWaitingInputSchema)
    .output(itemsOf(waitingQuestionViewSchema))
    .query(({ ctx, input }) => listWaiting(ctx.db, input)),

  steer: operatorProcedure
    .meta(rest("POST", "/runs/{runId}/messages", "Send a message to a run's agent"))
    .input(steerRunInputSchema.omit({ runId: true }).extend(ofRun))
    .output(messageViewSchema)
    .mutation(async ({ ctx, input }) =>
      steerRun(ctx, { ...input, runId: await resolveRunId(ctx.db, input.runId) }),
    ),

  edit: operatorProcedure
    .meta(rest("PATCH", "/messages/{messageId}", "Change a message that still waits"))
    .input(editMessageInputSchema)
    .output(messageViewSchema)
    .mutation(({ ctx, input }) => editMessage(ctx, input)),

  withdraw: operatorProcedure
    .meta(rest("DELETE", "/messages/{messageId}", "Take back a message that still waits"))
    .input(withdrawMessageInputSchema)
    .output(messageViewSchema)
    .mutation(({ ctx, input }) => withdrawMessage(ctx, input)),

  interrupt: operatorProcedure
    .meta(rest("POST", "/runs/{runId}/interrupt", "End the agent's turn, but not the run"))
    .input(interruptRunInputSchema.extend(ofRun))
    .output(conversationViewSchema)
    .mutation(async ({ ctx, input }) => {
      const runId = await resolveRunId(ctx.db, input.runId);
      await interruptRun(ctx, { runId });
      return readConversation(ctx.db, { runId }, ctx.actor);
    }),

  answer: operatorProcedure
    .meta(rest("POST", "/questions/{questionId}/answer", "Answer what an agent asks"))
    .input(answerQuestionInputSchema)
    .output(questionViewSchema)
    .mutation(({ ctx, input }) => answerQuestion(ctx, input)),
});
