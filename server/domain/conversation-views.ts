import { z } from "zod";
import {
  type ConversationView,
  type MessageView,
  messageStates,
  type QuestionView,
  questionStates,
  type WaitingQuestionView,
} from "./conversation";

export const messageViewSchema = z.object({
  id: z.string(),
  runId: z.string(),
  state: z.enum(messageStates),
  text: z.string(),
  by: z.string(),
  createdAt: z.date(),
  editedAt: z.date().nullable(),
  handedOverAt: z.date().nullable(),
  readAt: z.date().nullable(),
  endedAt: z.date().nullable(),
}) satisfies z.ZodType<MessageView>;

export const questionViewSchema = z.object({
  id: z.string(),
  runId: z.string(),
  state: z.enum(questionStates),
  tool: z.string(),
  input: z.unknown(),
  reason: z.string().nullable(),
  needsWords: z.boolean(),
  askedAt: z.date(),
  deadlineAt: z.date(),
  answeredAt: z.date().nullable(),
  answeredBy: z.string().nullable(),
  answerText: z.string().nullable(),
  isForSession: z.boolean(),
}) satisfies z.ZodType<QuestionView>;

export const waitingQuestionViewSchema = questionViewSchema.extend({
  run: z.object({
    number: z.number().int(),
    title: z.string(),
    sessionId: z.string(),
    workflow: z.string(),
    repository: z.string(),
  }),
}) satisfies z.ZodType<WaitingQuestionView>;

export const conversationViewSchema = z.object({
  messages: z.array(messageViewSchema),
  questions: z.array(questionViewSchema),
  steering: z.enum(["next_step", "next_turn", "never"]),
  maySteer: z.boolean(),
  mayInterrupt: z.boolean(),
}) satisfies z.ZodType<ConversationView>;
