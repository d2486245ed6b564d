ALTER TABLE "runs" ADD COLUMN "interrupt_asked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "interrupt_asked_by" text;--> statement-breakpoint
CREATE INDEX "questions_for_session" ON "questions" USING btree ("run_id","tool") WHERE "questions"."is_for_session";