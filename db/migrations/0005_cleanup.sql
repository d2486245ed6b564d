CREATE TABLE "cleanup_items" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"cleanup_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"workspace_id" uuid,
	"run_id" uuid,
	"attempt_id" uuid,
	"worker_id" uuid,
	"workflow" text,
	"bytes" bigint,
	"freed_bytes" bigint,
	"reason" text NOT NULL,
	"loses" jsonb NOT NULL,
	"trim" jsonb,
	"why" text,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "cleanup_items_kind_known" CHECK ("cleanup_items"."kind" in ('workspace', 'output', 'spool')),
	CONSTRAINT "cleanup_items_kind_has_its_key" CHECK (case "cleanup_items"."kind" when 'workspace' then "cleanup_items"."workspace_id" is not null
        when 'output' then "cleanup_items"."run_id" is not null and "cleanup_items"."trim" is not null
        else "cleanup_items"."attempt_id" is not null end),
	CONSTRAINT "cleanup_items_status_known" CHECK ("cleanup_items"."status" in ('planned', 'blocked', 'removing', 'removed', 'kept', 'failed', 'skipped')),
	CONSTRAINT "cleanup_items_loses_nothing" CHECK (jsonb_array_length("cleanup_items"."loses") = 0 or "cleanup_items"."status" = 'blocked')
);
--> statement-breakpoint
CREATE TABLE "cleanup_settings" (
	"is_only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"mode" text DEFAULT 'report' NOT NULL,
	"at" text DEFAULT '03:00' NOT NULL,
	"scheduled_for" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"min_free_bytes" bigint DEFAULT 1073741824 NOT NULL,
	"max_total_output_bytes" bigint,
	CONSTRAINT "cleanup_settings_is_only" CHECK ("cleanup_settings"."is_only"),
	CONSTRAINT "cleanup_settings_mode_known" CHECK ("cleanup_settings"."mode" in ('off', 'report', 'remove')),
	CONSTRAINT "cleanup_settings_at_is_time" CHECK ("cleanup_settings"."at" ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
	CONSTRAINT "cleanup_settings_min_free" CHECK ("cleanup_settings"."min_free_bytes" >= 0),
	CONSTRAINT "cleanup_settings_max_total" CHECK ("cleanup_settings"."max_total_output_bytes" >= 0)
);
--> statement-breakpoint
CREATE TABLE "cleanups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"is_scheduled" boolean NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"carried_out_by" text,
	"carried_out_at" timestamp (3) with time zone,
	"aborted_by" text,
	"ended_at" timestamp (3) with time zone,
	"repository_id" uuid,
	"planned" integer NOT NULL,
	"planned_bytes" bigint NOT NULL,
	"blocked" integer NOT NULL,
	"is_cut" boolean NOT NULL,
	"removed" integer DEFAULT 0 NOT NULL,
	"kept" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"freed_bytes" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "cleanups_status_known" CHECK ("cleanups"."status" in ('reported', 'running', 'done', 'aborted')),
	CONSTRAINT "cleanups_ended_has_time" CHECK (("cleanups"."status" in ('done', 'aborted')) = ("cleanups"."ended_at" is not null)),
	CONSTRAINT "cleanups_carried_out_by_somebody" CHECK (("cleanups"."status" = 'reported') = ("cleanups"."carried_out_by" is null)
        and ("cleanups"."carried_out_by" is null) = ("cleanups"."carried_out_at" is null))
);
--> statement-breakpoint
CREATE TABLE "disk_readings" (
	"worker_id" uuid NOT NULL,
	"quarter" timestamp (3) with time zone NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"total_bytes" bigint NOT NULL,
	"free_bytes" bigint NOT NULL,
	"total_inodes" bigint,
	"free_inodes" bigint,
	CONSTRAINT "disk_readings_worker_id_quarter_pk" PRIMARY KEY("worker_id","quarter"),
	CONSTRAINT "disk_readings_free_of_total" CHECK ("disk_readings"."free_bytes" between 0 and "disk_readings"."total_bytes")
);
--> statement-breakpoint
CREATE TABLE "output_trims" (
	"attempt_id" uuid NOT NULL,
	"stream" text NOT NULL,
	"from_byte" bigint NOT NULL,
	"to_byte" bigint NOT NULL,
	"kept_bytes" bigint NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "output_trims_attempt_id_stream_pk" PRIMARY KEY("attempt_id","stream"),
	CONSTRAINT "output_trims_is_range" CHECK ("output_trims"."from_byte" >= 0 and "output_trims"."to_byte" > "output_trims"."from_byte")
);
--> statement-breakpoint
CREATE TABLE "pins" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"workspace_id" uuid,
	"run_id" uuid,
	"note" text DEFAULT '' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone,
	CONSTRAINT "pins_kind_known" CHECK ("pins"."kind" in ('member', 'reader')),
	CONSTRAINT "pins_one_target" CHECK (("pins"."workspace_id" is null) <> ("pins"."run_id" is null)),
	CONSTRAINT "pins_reader_runs_out" CHECK (("pins"."kind" = 'reader') = ("pins"."until" is not null))
);
--> statement-breakpoint
CREATE TABLE "retention_policies" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"repository_id" uuid,
	"workflow_id" uuid,
	"rules" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "retention_policies_scope" UNIQUE NULLS NOT DISTINCT("repository_id","workflow_id"),
	CONSTRAINT "retention_policies_one_scope" CHECK ("retention_policies"."repository_id" is null or "retention_policies"."workflow_id" is null),
	CONSTRAINT "retention_policies_rules_are_fields" CHECK (jsonb_typeof("retention_policies"."rules") = 'object')
);
--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "control_removed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "cleanup_items" ADD CONSTRAINT "cleanup_items_cleanup_id_cleanups_id_fk" FOREIGN KEY ("cleanup_id") REFERENCES "public"."cleanups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cleanup_items" ADD CONSTRAINT "cleanup_items_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cleanup_items" ADD CONSTRAINT "cleanup_items_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cleanup_items" ADD CONSTRAINT "cleanup_items_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cleanup_items" ADD CONSTRAINT "cleanup_items_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cleanups" ADD CONSTRAINT "cleanups_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disk_readings" ADD CONSTRAINT "disk_readings_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "output_trims" ADD CONSTRAINT "output_trims_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD CONSTRAINT "retention_policies_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retention_policies" ADD CONSTRAINT "retention_policies_workflow_id_workflows_id_fk" FOREIGN KEY ("workflow_id") REFERENCES "public"."workflows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "cleanup_items_position" ON "cleanup_items" USING btree ("cleanup_id","position");--> statement-breakpoint
CREATE INDEX "cleanup_items_open" ON "cleanup_items" USING btree ("status","worker_id") WHERE "cleanup_items"."status" in ('planned', 'removing');--> statement-breakpoint
CREATE UNIQUE INDEX "cleanup_items_one_removes_workspace" ON "cleanup_items" USING btree ("workspace_id") WHERE "cleanup_items"."status" = 'removing';--> statement-breakpoint
CREATE INDEX "cleanup_items_workspace" ON "cleanup_items" USING btree ("workspace_id") WHERE "cleanup_items"."workspace_id" is not null;--> statement-breakpoint
CREATE INDEX "cleanup_items_run" ON "cleanup_items" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "cleanup_items_attempt" ON "cleanup_items" USING btree ("attempt_id") WHERE "cleanup_items"."attempt_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "cleanups_one_runs" ON "cleanups" USING btree ("status") WHERE "cleanups"."status" = 'running';--> statement-breakpoint
CREATE INDEX "cleanups_started" ON "cleanups" USING btree ("started_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "pins_workspace" ON "pins" USING btree ("workspace_id") WHERE "pins"."kind" = 'member';--> statement-breakpoint
CREATE UNIQUE INDEX "pins_run" ON "pins" USING btree ("run_id") WHERE "pins"."kind" = 'member';--> statement-breakpoint
CREATE INDEX "pins_read_workspace" ON "pins" USING btree ("workspace_id") WHERE "pins"."kind" = 'reader';--> statement-breakpoint
CREATE INDEX "pins_read_run" ON "pins" USING btree ("run_id") WHERE "pins"."kind" = 'reader';