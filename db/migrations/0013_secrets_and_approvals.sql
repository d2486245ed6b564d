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
ALTER TABLE "repositories" ADD COLUMN "agent_config_policy" text DEFAULT 'without' NOT NULL;--> statement-breakpoint
ALTER TABLE "agent_config_approvals" ADD CONSTRAINT "agent_config_approvals_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_workflow_id_workflows_id_fk" FOREIGN KEY ("workflow_id") REFERENCES "public"."workflows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "secrets_one_of_repository" ON "secrets" USING btree ("repository_id","name") WHERE "secrets"."retired_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "secrets_one_of_workflow" ON "secrets" USING btree ("workflow_id","name") WHERE "secrets"."retired_at" is null;--> statement-breakpoint
CREATE INDEX "secrets_repository" ON "secrets" USING btree ("repository_id");--> statement-breakpoint
CREATE INDEX "secrets_workflow" ON "secrets" USING btree ("workflow_id");