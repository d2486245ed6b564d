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
ALTER TABLE "check_rounds" ADD CONSTRAINT "check_rounds_run" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "check_rounds" ADD CONSTRAINT "check_rounds_attempt" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "command_output" ADD CONSTRAINT "command_output_command_id_run_commands_id_fk" FOREIGN KEY ("command_id") REFERENCES "public"."run_commands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repository_settings" ADD CONSTRAINT "repository_settings_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_commands" ADD CONSTRAINT "run_commands_run" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_commands" ADD CONSTRAINT "run_commands_attempt" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_commands" ADD CONSTRAINT "run_commands_workspace_row" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "run_commands_run_planned" ON "run_commands" USING btree ("run_id","planned_at");--> statement-breakpoint
CREATE INDEX "run_commands_workspace" ON "run_commands" USING btree ("workspace_id","kind","planned_at");