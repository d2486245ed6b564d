CREATE TABLE "doctor_reports" (
	"worker_id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"took_ms" integer NOT NULL,
	"is_judged" boolean NOT NULL,
	"compared" jsonb NOT NULL,
	"counts" jsonb NOT NULL,
	"differences" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "doctor_reports" ADD CONSTRAINT "doctor_reports_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE no action ON UPDATE no action;