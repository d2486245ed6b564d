CREATE TABLE "agent_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"session_id" uuid NOT NULL,
	"agent" text NOT NULL,
	"native_id" text,
	"cost_usd" double precision DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agent_sessions_native" UNIQUE("agent","native_id"),
	CONSTRAINT "agent_sessions_of_session" UNIQUE("id","session_id"),
	CONSTRAINT "agent_sessions_id_native" UNIQUE("id","native_id")
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_tokens_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"worker_id" uuid NOT NULL,
	"control_path" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"end_reason" text,
	"pid" integer,
	"process_start_time" text,
	"boot_id" text,
	"keeper_pid" integer,
	"isolation" text,
	"is_sandboxed" boolean,
	"is_resume" boolean,
	"agent_started_at" timestamp (3) with time zone,
	"exit_code" integer,
	"exit_signal" text,
	"driver_version" integer,
	"driver_state" json,
	"driver_offset" bigint DEFAULT 0 NOT NULL,
	"stdin_bytes" bigint DEFAULT 0 NOT NULL,
	"pending_stdin" text,
	"is_input_over" boolean DEFAULT false NOT NULL,
	"is_terminal" boolean DEFAULT false NOT NULL,
	"output_bytes" bigint DEFAULT 0 NOT NULL,
	"stderr_bytes" bigint DEFAULT 0 NOT NULL,
	"redactor_state" json,
	"stderr_redactor_state" json,
	"transcript_seq" integer DEFAULT 0 NOT NULL,
	"result" text,
	"error" text,
	"session_cost_usd" double precision,
	"base_commit" text,
	"head_commit" text,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"cached_tokens" bigint,
	"cost_usd" double precision,
	"turns" integer,
	CONSTRAINT "attempts_number" UNIQUE("run_id","number")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"target" text NOT NULL,
	"facts" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_log_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "commits" (
	"run_id" uuid NOT NULL,
	"sha" text NOT NULL,
	"position" integer NOT NULL,
	"parents" jsonb NOT NULL,
	"author_name" text NOT NULL,
	"author_email" text NOT NULL,
	"message" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"additions" integer NOT NULL,
	"deletions" integer NOT NULL,
	"files" integer NOT NULL,
	"origin" text NOT NULL,
	"whereabouts" text NOT NULL,
	"patch" "bytea",
	"is_patch_cut" boolean DEFAULT false NOT NULL,
	CONSTRAINT "commits_run_id_sha_pk" PRIMARY KEY("run_id","sha")
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "host_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"worker_id" uuid,
	"kind" text NOT NULL,
	"input" jsonb NOT NULL,
	"status" text DEFAULT 'asked' NOT NULL,
	"answer" jsonb,
	"actor" text NOT NULL,
	"asked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"taken_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"is_only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" uuid NOT NULL,
	"setup_token_hash" text,
	"setup_ended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "installation_is_only" CHECK ("installation"."is_only")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"role" text DEFAULT 'viewer' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "members_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "output_chunks" (
	"attempt_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"offset" bigint NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "output_chunks_attempt_id_stream_offset_pk" PRIMARY KEY("attempt_id","stream","offset")
);
--> statement-breakpoint
CREATE TABLE "repositories" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"origin" text NOT NULL,
	"default_branch" text NOT NULL,
	"worker_id" uuid,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "repositories_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "run_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "run_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"run_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "run_events_seq" UNIQUE("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigint GENERATED BY DEFAULT AS IDENTITY (sequence name "runs_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"repository_id" uuid NOT NULL,
	"workflow_version_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"agent" text NOT NULL,
	"agent_session_id" uuid NOT NULL,
	"agent_native_id" text,
	"message" text NOT NULL,
	"rerun_of" uuid,
	"idempotency_key" text,
	"priority" integer DEFAULT 0 NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"status_since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"available_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"wait_reason" text,
	"end_reason" text,
	"verdict" text,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"fence" integer DEFAULT 0 NOT NULL,
	"attempt_number" integer DEFAULT 0 NOT NULL,
	"attempts_spent" integer DEFAULT 0 NOT NULL,
	"worker_id" uuid,
	"pid" integer,
	"job_id" uuid,
	"job_queue" text,
	"workspace_kind" text NOT NULL,
	"workspace_id" uuid NOT NULL,
	"workspace_path" text,
	"base_ref" text,
	"branch" text,
	"base_commit" text,
	"head_commit" text,
	"max_turns" integer,
	"timeout_seconds" integer,
	"max_cost_usd" double precision,
	"cancel_asked_at" timestamp (3) with time zone,
	"cancel_asked_by" text,
	"result" text,
	"error" text,
	"commits" integer,
	"files_changed" integer,
	"additions" integer,
	"deletions" integer,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"cached_tokens" bigint,
	"cost_usd" double precision,
	"turns" integer,
	CONSTRAINT "runs_number_unique" UNIQUE("number"),
	CONSTRAINT "runs_status_known" CHECK ("runs"."status" in ('queued', 'preparing', 'running', 'waiting', 'finishing', 'succeeded', 'failed', 'cancelled')),
	CONSTRAINT "runs_running_has_workspace" CHECK ("runs"."status" not in ('running', 'waiting') or ("runs"."workspace_path" is not null
        and "runs"."branch" is not null and "runs"."base_commit" is not null and "runs"."worker_id" is not null
        and "runs"."pid" is not null and "runs"."agent_native_id" is not null and "runs"."started_at" is not null)),
	CONSTRAINT "runs_held_has_worker" CHECK ("runs"."status" not in ('preparing', 'running', 'waiting', 'finishing') or ("runs"."worker_id" is not null
        and "runs"."attempt_number" > 0 and "runs"."fence" > 0)),
	CONSTRAINT "runs_ended_has_reason" CHECK (("runs"."status" in ('succeeded', 'failed', 'cancelled')) = ("runs"."ended_at" is not null)
        and ("runs"."status" in ('succeeded', 'failed', 'cancelled')) = ("runs"."end_reason" is not null)),
	CONSTRAINT "runs_verdict_means_success" CHECK ("runs"."verdict" is null or "runs"."status" = 'succeeded')
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"repository_id" uuid NOT NULL,
	"workspace_id" uuid NOT NULL,
	"branch" text NOT NULL,
	"title" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sessions_of_repository" UNIQUE("id","repository_id")
);
--> statement-breakpoint
CREATE TABLE "sign_ins" (
	"id" text PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sign_ins_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "snapshots" (
	"run_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"sha" text NOT NULL,
	"ref" text NOT NULL,
	"left_out" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "snapshots_run_id_number_pk" PRIMARY KEY("run_id","number")
);
--> statement-breakpoint
CREATE TABLE "transcript_entries" (
	"run_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"attempt_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"entry" jsonb NOT NULL,
	CONSTRAINT "transcript_entries_run_id_seq_pk" PRIMARY KEY("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"home" text NOT NULL,
	"pid" integer,
	"slots" integer NOT NULL,
	"facts" jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"heartbeat_at" timestamp (3) with time zone NOT NULL,
	"stopped_at" timestamp (3) with time zone,
	CONSTRAINT "workers_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "workflow_versions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workflow_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workflow_versions_number" UNIQUE("workflow_id","version")
);
--> statement-breakpoint
CREATE TABLE "workflows" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp (3) with time zone,
	CONSTRAINT "workflows_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" uuid PRIMARY KEY NOT NULL,
	"repository_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"name" text,
	"session_id" uuid,
	"state" text DEFAULT 'planned' NOT NULL,
	"worker_id" uuid,
	"path" text,
	"branch" text,
	"base_commit" text,
	"head_commit" text,
	"held_session_id" uuid,
	"bytes" bigint,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "workspaces_of_repository" UNIQUE("id","repository_id"),
	CONSTRAINT "workspaces_kind_has_its_key" CHECK (("workspaces"."kind" = 'persistent' and "workspaces"."name" is not null and "workspaces"."session_id" is null)
        or ("workspaces"."kind" = 'temporary' and "workspaces"."session_id" is not null and "workspaces"."name" is null)),
	CONSTRAINT "workspaces_placed_has_path" CHECK ("workspaces"."state" = 'planned' or ("workspaces"."worker_id" is not null and "workspaces"."path" is not null)),
	CONSTRAINT "workspaces_state_known" CHECK ("workspaces"."state" in ('planned', 'creating', 'ready', 'removing', 'removed'))
);
--> statement-breakpoint
ALTER TABLE "agent_sessions" ADD CONSTRAINT "agent_sessions_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "commits" ADD CONSTRAINT "commits_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_user_id_members_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "host_requests" ADD CONSTRAINT "host_requests_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "output_chunks" ADD CONSTRAINT "output_chunks_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repositories" ADD CONSTRAINT "repositories_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_events" ADD CONSTRAINT "run_events_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_workflow_version_id_workflow_versions_id_fk" FOREIGN KEY ("workflow_version_id") REFERENCES "public"."workflow_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_session" FOREIGN KEY ("session_id","repository_id") REFERENCES "public"."sessions"("id","repository_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_repository" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_workspace" FOREIGN KEY ("workspace_id","repository_id") REFERENCES "public"."workspaces"("id","repository_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_agent_session" FOREIGN KEY ("agent_session_id","session_id") REFERENCES "public"."agent_sessions"("id","session_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_agent_native" FOREIGN KEY ("agent_session_id","agent_native_id") REFERENCES "public"."agent_sessions"("id","native_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_rerun_of" FOREIGN KEY ("rerun_of") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_workspace" FOREIGN KEY ("workspace_id","repository_id") REFERENCES "public"."workspaces"("id","repository_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_user_id_members_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcript_entries" ADD CONSTRAINT "transcript_entries_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcript_entries" ADD CONSTRAINT "transcript_entries_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_versions" ADD CONSTRAINT "workflow_versions_workflow_id_workflows_id_fk" FOREIGN KEY ("workflow_id") REFERENCES "public"."workflows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attempts_pid" ON "attempts" USING btree ("pid");--> statement-breakpoint
CREATE INDEX "audit_log_target" ON "audit_log" USING btree ("target","id");--> statement-breakpoint
CREATE INDEX "commits_sha" ON "commits" USING btree ("sha");--> statement-breakpoint
CREATE INDEX "credentials_user" ON "credentials" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "host_requests_status" ON "host_requests" USING btree ("status","asked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_idempotency_key" ON "runs" USING btree ("idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_one_held_per_workspace" ON "runs" USING btree ("workspace_id") WHERE "runs"."status" in ('preparing', 'running', 'waiting', 'finishing');--> statement-breakpoint
CREATE UNIQUE INDEX "runs_one_held_per_session" ON "runs" USING btree ("session_id") WHERE "runs"."status" in ('preparing', 'running', 'waiting', 'finishing');--> statement-breakpoint
CREATE INDEX "runs_created" ON "runs" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "runs_status_created" ON "runs" USING btree ("status","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_repository_created" ON "runs" USING btree ("repository_id","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_version_created" ON "runs" USING btree ("workflow_version_id","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_session_created" ON "runs" USING btree ("session_id","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_workspace_created" ON "runs" USING btree ("workspace_id","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_head_commit" ON "runs" USING btree ("head_commit");--> statement-breakpoint
CREATE INDEX "runs_base_commit" ON "runs" USING btree ("base_commit");--> statement-breakpoint
CREATE INDEX "runs_rerun_of" ON "runs" USING btree ("rerun_of") WHERE "runs"."rerun_of" is not null;--> statement-breakpoint
CREATE INDEX "sessions_workspace_index" ON "sessions" USING btree ("workspace_id");--> statement-breakpoint
CREATE INDEX "sign_ins_user" ON "sign_ins" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "verifications_identifier" ON "verifications" USING btree ("identifier");--> statement-breakpoint
CREATE UNIQUE INDEX "workspaces_persistent_name" ON "workspaces" USING btree ("repository_id","name") WHERE "workspaces"."kind" = 'persistent';--> statement-breakpoint
CREATE UNIQUE INDEX "workspaces_temporary_session" ON "workspaces" USING btree ("session_id") WHERE "workspaces"."kind" = 'temporary';--> statement-breakpoint
CREATE INDEX "workspaces_created" ON "workspaces" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "workspaces_worker" ON "workspaces" USING btree ("worker_id");