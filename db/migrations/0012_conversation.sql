CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "messages_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"text" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"edited_at" timestamp (3) with time zone,
	"attempt_id" uuid,
	"handed_over_at" timestamp (3) with time zone,
	"read_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"idempotency_key" text,
	CONSTRAINT "messages_idempotency_key" UNIQUE("idempotency_key"),
	CONSTRAINT "messages_state_known" CHECK ("messages"."state" in ('queued', 'handed_over', 'read', 'undelivered', 'withdrawn')),
	CONSTRAINT "messages_handed_over_to_someone" CHECK ("messages"."state" not in ('handed_over', 'read') or ("messages"."attempt_id" is not null and "messages"."handed_over_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"attempt_id" uuid NOT NULL,
	"native_id" text NOT NULL,
	"tool" text NOT NULL,
	"input" json,
	"reason" text,
	"needs_words" boolean DEFAULT false NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"asked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deadline_at" timestamp (3) with time zone NOT NULL,
	"answered_at" timestamp (3) with time zone,
	"answered_by" text,
	"answer_text" text,
	"is_for_session" boolean DEFAULT false NOT NULL,
	"handed_over_at" timestamp (3) with time zone,
	CONSTRAINT "questions_native" UNIQUE("attempt_id","native_id"),
	CONSTRAINT "questions_state_known" CHECK ("questions"."state" in ('open', 'allowed', 'denied', 'expired', 'moot')),
	CONSTRAINT "questions_answered_by_someone" CHECK ("questions"."state" not in ('allowed', 'denied') or ("questions"."answered_at" is not null and "questions"."answered_by" is not null))
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "go_on_message" text;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "messages_run" ON "messages" USING btree ("run_id","position");--> statement-breakpoint
CREATE INDEX "messages_queued" ON "messages" USING btree ("run_id") WHERE "messages"."state" = 'queued';--> statement-breakpoint
CREATE INDEX "questions_run" ON "questions" USING btree ("run_id","asked_at");--> statement-breakpoint
CREATE INDEX "questions_open" ON "questions" USING btree ("run_id") WHERE "questions"."state" = 'open';