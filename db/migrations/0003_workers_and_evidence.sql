CREATE TABLE "attempt_evidence" (
	"attempt_id" uuid PRIMARY KEY NOT NULL,
	"worker_id" uuid NOT NULL,
	"fence" integer NOT NULL,
	"looked_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"phase" text NOT NULL,
	"is_driven" boolean NOT NULL,
	"keeper_pid" integer,
	"is_keeper_alive" boolean NOT NULL,
	"pid" integer,
	"is_agent_alive" boolean NOT NULL,
	"is_namespace_alive" boolean,
	"left_over" jsonb NOT NULL,
	"exit_code" integer,
	"exit_signal" text,
	"exit_at" timestamp (3) with time zone,
	"spool_bytes" bigint NOT NULL,
	"spool_at" timestamp (3) with time zone,
	"keeper_beat_at" timestamp (3) with time zone,
	"is_settled" boolean DEFAULT false NOT NULL,
	CONSTRAINT "attempt_evidence_settled_is_dead" CHECK (not "attempt_evidence"."is_settled" or not "attempt_evidence"."is_agent_alive")
);
--> statement-breakpoint
CREATE TABLE "left_workspaces" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"worker_id" uuid NOT NULL,
	"repository_id" uuid NOT NULL,
	"workspace_id" uuid NOT NULL,
	"path" text,
	"run_id" uuid NOT NULL,
	"attempt_id" uuid,
	"attempt" integer NOT NULL,
	"pid" integer,
	"left_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"kept_refs" jsonb,
	"problem" text,
	CONSTRAINT "left_workspaces_settled_has_refs" CHECK (("left_workspaces"."settled_at" is null) = ("left_workspaces"."kept_refs" is null))
);
--> statement-breakpoint
CREATE TABLE "origin_copies" (
	"attempt_id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"head_commit" text,
	"refs" jsonb,
	"pushed_at" timestamp (3) with time zone,
	"tries" integer NOT NULL,
	"next_try_at" timestamp (3) with time zone,
	"problem" text,
	CONSTRAINT "origin_copies_pushed_has_refs" CHECK (("origin_copies"."pushed_at" is null) = ("origin_copies"."refs" is null))
);
--> statement-breakpoint
CREATE TABLE "recovery_entries" (
	"report_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"outcome" text NOT NULL,
	"sentence" text NOT NULL,
	"work_kept" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "recovery_entries_report_id_run_id_attempt_pk" PRIMARY KEY("report_id","run_id","attempt"),
	CONSTRAINT "recovery_entries_outcome_known" CHECK ("recovery_entries"."outcome" in ('adopted', 'finished', 'queued_again', 'given_up', 'superseded', 'pending'))
);
--> statement-breakpoint
CREATE TABLE "recovery_reports" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"worker_id" uuid NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"before" text NOT NULL,
	"last_beat_at" timestamp (3) with time zone,
	"is_host_restarted" boolean,
	"waiting" integer NOT NULL,
	"settled_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "installation" ADD COLUMN "host_lost_after_minutes" integer;--> statement-breakpoint
ALTER TABLE "repositories" ADD COLUMN "kept_at_origin_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "cancel_asks" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "boot_id" text;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "capacity" integer;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "drain_asked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "drain_asked_by" text;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "drain_reason" text;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "lost_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "lost_by" text;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "lost_reason" text;--> statement-breakpoint
ALTER TABLE "attempt_evidence" ADD CONSTRAINT "attempt_evidence_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt_evidence" ADD CONSTRAINT "attempt_evidence_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "left_workspaces" ADD CONSTRAINT "left_workspaces_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "left_workspaces" ADD CONSTRAINT "left_workspaces_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "left_workspaces" ADD CONSTRAINT "left_workspaces_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "left_workspaces" ADD CONSTRAINT "left_workspaces_workspace" FOREIGN KEY ("workspace_id","repository_id") REFERENCES "public"."workspaces"("id","repository_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "origin_copies" ADD CONSTRAINT "origin_copies_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "origin_copies" ADD CONSTRAINT "origin_copies_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_entries" ADD CONSTRAINT "recovery_entries_report_id_recovery_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."recovery_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_entries" ADD CONSTRAINT "recovery_entries_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_reports" ADD CONSTRAINT "recovery_reports_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attempt_evidence_unsettled" ON "attempt_evidence" USING btree ("worker_id") WHERE not "attempt_evidence"."is_settled";--> statement-breakpoint
CREATE INDEX "left_workspaces_unsettled" ON "left_workspaces" USING btree ("worker_id") WHERE "left_workspaces"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "left_workspaces_run" ON "left_workspaces" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "origin_copies_run" ON "origin_copies" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "origin_copies_head" ON "origin_copies" USING btree ("head_commit") WHERE "origin_copies"."pushed_at" is not null;--> statement-breakpoint
CREATE INDEX "recovery_entries_pending" ON "recovery_entries" USING btree ("report_id") WHERE "recovery_entries"."outcome" = 'pending';--> statement-breakpoint
CREATE INDEX "recovery_reports_worker" ON "recovery_reports" USING btree ("worker_id","started_at");--> statement-breakpoint
ALTER TABLE "installation" ADD CONSTRAINT "installation_lost_after_sane" CHECK ("installation"."host_lost_after_minutes" between 5 and 43200);--> statement-breakpoint
ALTER TABLE "workers" ADD CONSTRAINT "workers_capacity_sane" CHECK ("workers"."capacity" between 0 and 256);--> statement-breakpoint
ALTER TABLE "workers" ADD CONSTRAINT "workers_drain_is_whole" CHECK (("workers"."drain_asked_at" is null) = ("workers"."drain_asked_by" is null));--> statement-breakpoint
ALTER TABLE "workers" ADD CONSTRAINT "workers_lost_is_whole" CHECK (("workers"."lost_at" is null) = ("workers"."lost_by" is null) and ("workers"."lost_at" is null) = ("workers"."lost_reason" is null));