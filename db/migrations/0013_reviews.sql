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
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_review_id_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_sent_run_id_runs_id_fk" FOREIGN KEY ("sent_run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_sent_message_id_messages_id_fk" FOREIGN KEY ("sent_message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "review_comments_run" ON "review_comments" USING btree ("run_id","created_at");--> statement-breakpoint
CREATE INDEX "review_comments_review" ON "review_comments" USING btree ("review_id");--> statement-breakpoint
CREATE INDEX "review_comments_unsent" ON "review_comments" USING btree ("run_id") WHERE "review_comments"."review_id" is null;--> statement-breakpoint
CREATE INDEX "reviews_run" ON "reviews" USING btree ("run_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "reviews_one_on_its_way" ON "reviews" USING btree ("run_id") WHERE "reviews"."sent_at" is null;