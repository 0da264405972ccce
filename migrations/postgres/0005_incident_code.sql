ALTER TABLE "incidents" ADD COLUMN "code" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "incidents_by_code" ON "incidents" USING btree ("code");--> statement-breakpoint
UPDATE "incidents" SET "code" = coalesce("state"::json ->> 'code', '');
