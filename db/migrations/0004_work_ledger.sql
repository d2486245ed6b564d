CREATE TABLE "work_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "work_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"repository_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"worker_id" uuid,
	"sha" text,
	"origin" text,
	"reason" text,
	"title" text NOT NULL,
	"why" text,
	"author" text,
	"ref" text,
	"at" timestamp (3) with time zone NOT NULL,
	"whereabouts" text NOT NULL,
	"since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"merged_by" text,
	"merged_as" text,
	"looked_at" timestamp (3) with time zone,
	"let_go_by" text,
	"let_go_at" timestamp (3) with time zone,
	"let_go_why" text,
	CONSTRAINT "work_entries_commit_or_leftover" CHECK (("work_entries"."sha" is not null and "work_entries"."origin" is not null and "work_entries"."reason" is null)
        or ("work_entries"."sha" is null and "work_entries"."origin" is null and "work_entries"."reason" is not null)),
	CONSTRAINT "work_entries_whereabouts_known" CHECK ("work_entries"."whereabouts" in ('merged', 'pushed', 'only_here', 'in_keep_ref', 'gone', 'missing', 'in_workspace')),
	CONSTRAINT "work_entries_merged_is_told" CHECK (("work_entries"."whereabouts" = 'merged') = ("work_entries"."merged_by" is not null)),
	CONSTRAINT "work_entries_let_go_whole" CHECK (("work_entries"."let_go_by" is null) = ("work_entries"."let_go_at" is null) and ("work_entries"."let_go_at" is null) = ("work_entries"."let_go_why" is null)),
	CONSTRAINT "work_entries_gone_by_word" CHECK ("work_entries"."whereabouts" <> 'gone' or "work_entries"."let_go_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "work_looks" (
	"repository_id" uuid NOT NULL,
	"worker_id" uuid NOT NULL,
	"tried_at" timestamp (3) with time zone NOT NULL,
	"looked_at" timestamp (3) with time zone,
	"origin_seen_at" timestamp (3) with time zone,
	"default_head" text,
	"stale_refs" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"unknown_since" timestamp (3) with time zone,
	"problem" text,
	CONSTRAINT "work_looks_repository_id_worker_id_pk" PRIMARY KEY("repository_id","worker_id")
);
--> statement-breakpoint
ALTER TABLE "work_entries" ADD CONSTRAINT "work_entries_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_entries" ADD CONSTRAINT "work_entries_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_entries" ADD CONSTRAINT "work_entries_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_looks" ADD CONSTRAINT "work_looks_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_looks" ADD CONSTRAINT "work_looks_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "work_entries_commit" ON "work_entries" USING btree ("run_id","sha") WHERE "work_entries"."sha" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "work_entries_leftover" ON "work_entries" USING btree ("run_id","reason","title") WHERE "work_entries"."sha" is null;--> statement-breakpoint
CREATE INDEX "work_entries_sha" ON "work_entries" USING btree ("sha");--> statement-breakpoint
CREATE INDEX "work_entries_repository" ON "work_entries" USING btree ("repository_id","id");--> statement-breakpoint
CREATE INDEX "work_entries_whereabouts" ON "work_entries" USING btree ("whereabouts","id");--> statement-breakpoint
CREATE INDEX "work_entries_at_risk" ON "work_entries" USING btree ("id","whereabouts") WHERE "work_entries"."let_go_at" is null and (("work_entries"."sha" is not null
          and "work_entries"."whereabouts" in ('only_here', 'in_keep_ref', 'missing'))
          or ("work_entries"."reason" in ('left_out', 'uncaptured', 'set_aside')
          and "work_entries"."whereabouts" in ('in_workspace', 'missing')));--> statement-breakpoint
CREATE INDEX "work_entries_unlooked" ON "work_entries" USING btree ("worker_id","repository_id","id") WHERE "work_entries"."looked_at" is null and "work_entries"."sha" is not null;--> statement-breakpoint
CREATE INDEX "work_entries_open" ON "work_entries" USING btree ("worker_id","repository_id","id") WHERE "work_entries"."sha" is not null and "work_entries"."whereabouts" in ('pushed', 'only_here', 'in_keep_ref', 'missing');--> statement-breakpoint
CREATE INDEX "work_entries_open_leftovers" ON "work_entries" USING btree ("worker_id","id") WHERE "work_entries"."sha" is null and "work_entries"."whereabouts" in ('in_workspace', 'missing');