import { z } from "zod";

/**
 * Branded ids: one type per thing, made only by its parser, so that a run id can never be passed
 * where a session id is meant. All are lower-case UUIDs; `z.guid` takes any version of them.
 */
const uuid = z.guid().transform((text) => text.toLowerCase());

export const runIdSchema = uuid.brand<"RunId">();
export const sessionIdSchema = uuid.brand<"SessionId">();
export const agentSessionIdSchema = uuid.brand<"AgentSessionId">();
export const workspaceIdSchema = uuid.brand<"WorkspaceId">();
export const attemptIdSchema = uuid.brand<"AttemptId">();
export const repositoryIdSchema = uuid.brand<"RepositoryId">();
export const workflowIdSchema = uuid.brand<"WorkflowId">();
export const workflowVersionIdSchema = uuid.brand<"WorkflowVersionId">();
export const workerIdSchema = uuid.brand<"WorkerId">();
export const messageIdSchema = uuid.brand<"MessageId">();
export const questionIdSchema = uuid.brand<"QuestionId">();
export const deliveryIdSchema = uuid.brand<"DeliveryId">();
export const reviewIdSchema = uuid.brand<"ReviewId">();
export const reviewCommentIdSchema = uuid.brand<"ReviewCommentId">();
export const runCommandIdSchema = uuid.brand<"RunCommandId">();

/** The agent CLI's own name for its conversation: Claude's `--session-id`, Codex's thread id. */
export const nativeSessionIdSchema = z.string().min(1).max(200).brand<"NativeSessionId">();

/** A full object id of git, SHA-1 or SHA-256, in lower case. */
export const shaSchema = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
  .brand<"Sha">();

export type RunId = z.infer<typeof runIdSchema>;
export type SessionId = z.infer<typeof sessionIdSchema>;
export type AgentSessionId = z.infer<typeof agentSessionIdSchema>;
export type WorkspaceId = z.infer<typeof workspaceIdSchema>;
export type AttemptId = z.infer<typeof attemptIdSchema>;
export type RepositoryId = z.infer<typeof repositoryIdSchema>;
export type WorkflowId = z.infer<typeof workflowIdSchema>;
export type WorkflowVersionId = z.infer<typeof workflowVersionIdSchema>;
export type WorkerId = z.infer<typeof workerIdSchema>;
export type MessageId = z.infer<typeof messageIdSchema>;
export type QuestionId = z.infer<typeof questionIdSchema>;
export type DeliveryId = z.infer<typeof deliveryIdSchema>;
export type ReviewId = z.infer<typeof reviewIdSchema>;
export type ReviewCommentId = z.infer<typeof reviewCommentIdSchema>;
export type RunCommandId = z.infer<typeof runCommandIdSchema>;
export type NativeSessionId = z.infer<typeof nativeSessionIdSchema>;
export type Sha = z.infer<typeof shaSchema>;
