CREATE TABLE "agent_config_approvals" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"repository_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"files" json NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"seen_in" text NOT NULL,
	"seen_by_run" uuid,
	"approved_by" text,
	"approved_at" timestamp (3) with time zone,
	CONSTRAINT "agent_config_approvals_once" UNIQUE("repository_id","sha256"),
	CONSTRAINT "agent_config_approved_by_someone" CHECK (("agent_config_approvals"."approved_at" is null) = ("agent_config_approvals"."approved_by" is null))
);
--> statement-breakpoint
CREATE TABLE "check_rounds" (
	"attempt_id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"head_commit" text NOT NULL,
	"files_changed" integer NOT NULL,
	"left_files" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"began_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "check_rounds_number" UNIQUE("run_id","number"),
	CONSTRAINT "check_rounds_state_known" CHECK ("check_rounds"."state" in ('running', 'passed', 'failed', 'sent_back', 'cancelled')),
	CONSTRAINT "check_rounds_ended" CHECK (("check_rounds"."state" = 'running') = ("check_rounds"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "command_output" (
	"command_id" uuid NOT NULL,
	"offset" bigint NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "command_output_command_id_offset_pk" PRIMARY KEY("command_id","offset")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"repository_id" uuid NOT NULL,
	"worker_id" uuid NOT NULL,
	"attempt_id" uuid,
	"kind" text NOT NULL,
	"method" text,
	"target" text NOT NULL,
	"base" text,
	"undo_of" uuid,
	"source_sha" text NOT NULL,
	"holds_target" boolean DEFAULT false NOT NULL,
	"old_sha" text,
	"result_sha" text,
	"state" text DEFAULT 'planned' NOT NULL,
	"conflicts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"problem" text,
	"hint" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_try_at" timestamp (3) with time zone,
	"idempotency_key" text,
	"by" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"undone_by" text,
	"undone_at" timestamp (3) with time zone,
	"pull_request_number" integer,
	"pull_request_url" text,
	"pull_request_state" text,
	"pull_request_etag" text,
	"pull_request_checked_at" timestamp (3) with time zone,
	CONSTRAINT "deliveries_kind_known" CHECK ("deliveries"."kind" in ('push', 'merge', 'pull_request', 'undo')),
	CONSTRAINT "deliveries_state_known" CHECK ("deliveries"."state" in ('planned', 'running', 'delivered', 'refused', 'conflict', 'failed', 'undone')),
	CONSTRAINT "deliveries_method_fits" CHECK (case "deliveries"."kind" when 'merge' then coalesce("deliveries"."method" in ('fast_forward', 'merge_commit', 'squash', 'rebase'), false)
        when 'undo' then coalesce("deliveries"."method" in ('delete_branch', 'move_back', 'revert'), false)
        else "deliveries"."method" is null end),
	CONSTRAINT "deliveries_undo_of_one" CHECK (("deliveries"."kind" = 'undo') = ("deliveries"."undo_of" is not null)),
	CONSTRAINT "deliveries_base_of_request" CHECK (("deliveries"."kind" = 'pull_request') = ("deliveries"."base" is not null)),
	CONSTRAINT "deliveries_intent_first" CHECK ("deliveries"."state" <> 'running' or "deliveries"."started_at" is not null),
	CONSTRAINT "deliveries_ended_has_time" CHECK (("deliveries"."state" in ('planned', 'running')) = ("deliveries"."ended_at" is null)),
	CONSTRAINT "deliveries_undone_by_someone" CHECK (("deliveries"."state" = 'undone') = ("deliveries"."undone_by" is not null and "deliveries"."undone_at" is not null)),
	CONSTRAINT "deliveries_request_whole" CHECK (("deliveries"."pull_request_number" is null) = ("deliveries"."pull_request_url" is null)
        and ("deliveries"."pull_request_number" is null) = ("deliveries"."pull_request_state" is null)
        and coalesce("deliveries"."pull_request_state" in ('open', 'merged', 'closed'), true)),
	CONSTRAINT "deliveries_conflict_names_files" CHECK (("deliveries"."state" = 'conflict') = (jsonb_array_length("deliveries"."conflicts") > 0))
);
--> statement-breakpoint
CREATE TABLE "repository_settings" (
	"repository_id" uuid PRIMARY KEY NOT NULL,
	"set_up" jsonb,
	"set_up_when" text NOT NULL,
	"tear_down" jsonb,
	"bring_along" jsonb NOT NULL,
	"checks" jsonb NOT NULL,
	"check_rounds" integer NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "repository_settings_when" CHECK ("repository_settings"."set_up_when" in ('new_workspace', 'every_run')),
	CONSTRAINT "repository_settings_rounds" CHECK ("repository_settings"."check_rounds" between 0 and 5)
);
--> statement-breakpoint
CREATE TABLE "review_comments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"from_commit" text NOT NULL,
	"to_commit" text NOT NULL,
	"path" text NOT NULL,
	"side" text NOT NULL,
	"line" integer NOT NULL,
	"end_line" integer NOT NULL,
	"quote" text NOT NULL,
	"body" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"edited_by" text,
	"edited_at" timestamp (3) with time zone,
	"review_id" uuid,
	"is_touched" boolean,
	"judged_at" timestamp (3) with time zone,
	CONSTRAINT "review_comments_side_known" CHECK ("review_comments"."side" in ('old', 'new')),
	CONSTRAINT "review_comments_lines" CHECK ("review_comments"."line" >= 1 and "review_comments"."end_line" >= "review_comments"."line"),
	CONSTRAINT "review_comments_says_something" CHECK ("review_comments"."body" <> ''),
	CONSTRAINT "review_comments_judged_when_sent" CHECK ("review_comments"."is_touched" is null or ("review_comments"."review_id" is not null and "review_comments"."judged_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"note" text,
	"text" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"sent_run_id" uuid,
	"sent_message_id" uuid,
	CONSTRAINT "reviews_sent_to_a_run" CHECK (("reviews"."sent_at" is null) = ("reviews"."sent_run_id" is null))
);
--> statement-breakpoint
CREATE TABLE "run_commands" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"attempt_id" uuid NOT NULL,
	"workspace_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"command" text NOT NULL,
	"timeout_seconds" integer NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"note" text,
	"tries" integer DEFAULT 1 NOT NULL,
	"control_path" text NOT NULL,
	"pid" integer,
	"process_start_time" text,
	"boot_id" text,
	"exit_code" integer,
	"exit_signal" text,
	"output_bytes" bigint DEFAULT 0 NOT NULL,
	"redactor_state" json,
	"planned_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "run_commands_position" UNIQUE("attempt_id","kind","position"),
	CONSTRAINT "run_commands_control_path" UNIQUE("control_path"),
	CONSTRAINT "run_commands_kind_known" CHECK ("run_commands"."kind" in ('bring_along', 'set_up', 'check', 'tear_down')),
	CONSTRAINT "run_commands_state_known" CHECK ("run_commands"."state" in ('planned', 'running', 'passed', 'failed', 'timed_out', 'skipped', 'cancelled', 'lost')),
	CONSTRAINT "run_commands_running_has_process" CHECK ("run_commands"."state" <> 'running' or ("run_commands"."pid" is not null and "run_commands"."started_at" is not null)),
	CONSTRAINT "run_commands_over_has_end" CHECK (("run_commands"."state" in ('planned', 'running')) = ("run_commands"."ended_at" is null)),
	CONSTRAINT "run_commands_passed_by_exit" CHECK ("run_commands"."state" <> 'passed' or "run_commands"."exit_code" = 0)
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"repository_id" uuid,
	"workflow_id" uuid,
	"name" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"key_id" text NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone,
	CONSTRAINT "secrets_one_scope" CHECK (("secrets"."repository_id" is null) <> ("secrets"."workflow_id" is null)),
	CONSTRAINT "secrets_name" CHECK ("secrets"."name" ~ '^[A-Z_][A-Z0-9_]*$')
);
--> statement-breakpoint
CREATE TABLE "usage_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "usage_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"attempt_id" uuid NOT NULL,
	"model" text,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"cached_tokens" bigint,
	"cost_usd" double precision,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "usage_entries_model" UNIQUE NULLS NOT DISTINCT("attempt_id","model"),
	CONSTRAINT "usage_entries_not_negative" CHECK (coalesce("usage_entries"."input_tokens", 0) >= 0 and coalesce("usage_entries"."output_tokens", 0) >= 0
        and coalesce("usage_entries"."cached_tokens", 0) >= 0 and coalesce("usage_entries"."cost_usd", 0) >= 0)
);
--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "limit_near_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "usage_resets_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "repositories" ADD COLUMN "delivery" jsonb;--> statement-breakpoint
ALTER TABLE "repositories" ADD COLUMN "agent_config_policy" text DEFAULT 'without' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "max_tokens" bigint;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "stall_seconds" integer;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "max_output_bytes" bigint;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "interrupt_asked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "interrupt_asked_by" text;--> statement-breakpoint
ALTER TABLE "agent_config_approvals" ADD CONSTRAINT "agent_config_approvals_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "check_rounds" ADD CONSTRAINT "check_rounds_run" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "check_rounds" ADD CONSTRAINT "check_rounds_attempt" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "command_output" ADD CONSTRAINT "command_output_command_id_run_commands_id_fk" FOREIGN KEY ("command_id") REFERENCES "public"."run_commands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_undo_of_deliveries_id_fk" FOREIGN KEY ("undo_of") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repository_settings" ADD CONSTRAINT "repository_settings_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_review_id_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_sent_run_id_runs_id_fk" FOREIGN KEY ("sent_run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_sent_message_id_messages_id_fk" FOREIGN KEY ("sent_message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_commands" ADD CONSTRAINT "run_commands_run" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_commands" ADD CONSTRAINT "run_commands_attempt" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_commands" ADD CONSTRAINT "run_commands_workspace_row" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_workflow_id_workflows_id_fk" FOREIGN KEY ("workflow_id") REFERENCES "public"."workflows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_entries" ADD CONSTRAINT "usage_entries_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_idempotency_key" ON "deliveries" USING btree ("idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_by_policy" ON "deliveries" USING btree ("attempt_id") WHERE "deliveries"."attempt_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_open_per_target" ON "deliveries" USING btree ("run_id","target") WHERE "deliveries"."state" in ('planned', 'running');--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_undo" ON "deliveries" USING btree ("undo_of") WHERE "deliveries"."state" in ('planned', 'running', 'delivered');--> statement-breakpoint
CREATE INDEX "deliveries_run" ON "deliveries" USING btree ("run_id","asked_at");--> statement-breakpoint
CREATE INDEX "deliveries_session" ON "deliveries" USING btree ("session_id","target");--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "deliveries" USING btree ("worker_id","next_try_at") WHERE "deliveries"."state" in ('planned', 'running');--> statement-breakpoint
CREATE INDEX "deliveries_open_pull_requests" ON "deliveries" USING btree ("worker_id","pull_request_checked_at") WHERE "deliveries"."pull_request_state" = 'open';--> statement-breakpoint
CREATE INDEX "review_comments_run" ON "review_comments" USING btree ("run_id","created_at");--> statement-breakpoint
CREATE INDEX "review_comments_review" ON "review_comments" USING btree ("review_id");--> statement-breakpoint
CREATE INDEX "review_comments_unsent" ON "review_comments" USING btree ("run_id") WHERE "review_comments"."review_id" is null;--> statement-breakpoint
CREATE INDEX "reviews_run" ON "reviews" USING btree ("run_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "reviews_one_on_its_way" ON "reviews" USING btree ("run_id") WHERE "reviews"."sent_at" is null;--> statement-breakpoint
CREATE INDEX "run_commands_run_planned" ON "run_commands" USING btree ("run_id","planned_at");--> statement-breakpoint
CREATE INDEX "run_commands_workspace" ON "run_commands" USING btree ("workspace_id","kind","planned_at");--> statement-breakpoint
CREATE UNIQUE INDEX "secrets_one_of_repository" ON "secrets" USING btree ("repository_id","name") WHERE "secrets"."retired_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "secrets_one_of_workflow" ON "secrets" USING btree ("workflow_id","name") WHERE "secrets"."retired_at" is null;--> statement-breakpoint
CREATE INDEX "secrets_repository" ON "secrets" USING btree ("repository_id");--> statement-breakpoint
CREATE INDEX "secrets_workflow" ON "secrets" USING btree ("workflow_id");--> statement-breakpoint
CREATE INDEX "usage_entries_at" ON "usage_entries" USING btree ("at");--> statement-breakpoint
CREATE INDEX "questions_for_session" ON "questions" USING btree ("run_id","tool") WHERE "questions"."is_for_session";