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
ALTER TABLE "repositories" ADD COLUMN "delivery" jsonb;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_undo_of_deliveries_id_fk" FOREIGN KEY ("undo_of") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_idempotency_key" ON "deliveries" USING btree ("idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_by_policy" ON "deliveries" USING btree ("attempt_id") WHERE "deliveries"."attempt_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_open_per_target" ON "deliveries" USING btree ("run_id","target") WHERE "deliveries"."state" in ('planned', 'running');--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_undo" ON "deliveries" USING btree ("undo_of") WHERE "deliveries"."state" in ('planned', 'running', 'delivered');--> statement-breakpoint
CREATE INDEX "deliveries_run" ON "deliveries" USING btree ("run_id","asked_at");--> statement-breakpoint
CREATE INDEX "deliveries_session" ON "deliveries" USING btree ("session_id","target");--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "deliveries" USING btree ("worker_id","next_try_at") WHERE "deliveries"."state" in ('planned', 'running');--> statement-breakpoint
CREATE INDEX "deliveries_open_pull_requests" ON "deliveries" USING btree ("worker_id","pull_request_checked_at") WHERE "deliveries"."pull_request_state" = 'open';