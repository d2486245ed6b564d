CREATE TABLE "patch_chunks" (
	"patch_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "patch_chunks_patch_id_position_pk" PRIMARY KEY("patch_id","position")
);
--> statement-breakpoint
CREATE TABLE "patches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"repository_id" uuid NOT NULL,
	"from_sha" text NOT NULL,
	"to_sha" text NOT NULL,
	"bytes" bigint,
	"used_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "patches_range" UNIQUE("repository_id","from_sha","to_sha"),
	CONSTRAINT "patches_bytes_sane" CHECK ("patches"."bytes" >= 0)
);
--> statement-breakpoint
CREATE TABLE "restores" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"repository_id" uuid NOT NULL,
	"sha" text NOT NULL,
	"way" text NOT NULL,
	"branch" text NOT NULL,
	"worker_id" uuid NOT NULL,
	"workspace_id" uuid,
	"idempotency_key" text,
	"state" text DEFAULT 'asked' NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "restores_way_known" CHECK ("restores"."way" in ('workspace', 'branch')),
	CONSTRAINT "restores_state_known" CHECK ("restores"."state" in ('asked', 'done')),
	CONSTRAINT "restores_done_has_end" CHECK (("restores"."state" = 'done') = ("restores"."ended_at" is not null)),
	CONSTRAINT "restores_workspace_is_there" CHECK ("restores"."state" = 'asked' or ("restores"."way" = 'workspace') = ("restores"."workspace_id" is not null))
);
--> statement-breakpoint
ALTER TABLE "workspaces" DROP CONSTRAINT "workspaces_state_known";--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "kept_files_commit" text;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "quarantine_path" text;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "quarantine_why" text;--> statement-breakpoint
ALTER TABLE "patch_chunks" ADD CONSTRAINT "patch_chunks_patch_id_patches_id_fk" FOREIGN KEY ("patch_id") REFERENCES "public"."patches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patches" ADD CONSTRAINT "patches_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "restores" ADD CONSTRAINT "restores_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "restores" ADD CONSTRAINT "restores_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "restores" ADD CONSTRAINT "restores_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "restores" ADD CONSTRAINT "restores_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "patches_used" ON "patches" USING btree ("used_at");--> statement-breakpoint
CREATE UNIQUE INDEX "restores_branch" ON "restores" USING btree ("repository_id","branch");--> statement-breakpoint
CREATE UNIQUE INDEX "restores_idempotency_key" ON "restores" USING btree ("idempotency_key");--> statement-breakpoint
CREATE INDEX "restores_run" ON "restores" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "restores_workspace" ON "restores" USING btree ("workspace_id") WHERE "restores"."workspace_id" is not null;--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_quarantine_is_whole" CHECK (("workspaces"."quarantine_path" is null) = ("workspaces"."quarantine_why" is null)
        and ("workspaces"."state" <> 'quarantined' or "workspaces"."quarantine_path" is not null));--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_state_known" CHECK ("workspaces"."state" in ('planned', 'creating', 'ready', 'removing', 'removed', 'quarantined'));