CREATE TABLE "due" (
	"incident" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"try_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"incident" text NOT NULL,
	"position" integer NOT NULL,
	"facts" text NOT NULL,
	"texts" text,
	"salt" text,
	"digest" text NOT NULL,
	"prev" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "events_incident_position_pk" PRIMARY KEY("incident","position")
);
--> statement-breakpoint
CREATE TABLE "inbound" (
	"key" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"head" text NOT NULL,
	"state" text NOT NULL,
	"over" boolean NOT NULL,
	"activity" bigint NOT NULL,
	"redacted" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meta" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "numbers" (
	"day" text PRIMARY KEY NOT NULL,
	"last" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"incident" text NOT NULL,
	"lane" text NOT NULL,
	"rank" smallint NOT NULL,
	"merge_key" text,
	"key" text NOT NULL,
	"not_before" bigint NOT NULL,
	"payload" text NOT NULL,
	"state" text NOT NULL,
	"head" boolean NOT NULL,
	"ready" bigint NOT NULL,
	"leased" boolean NOT NULL,
	"attempts" integer NOT NULL,
	"possible_duplicate" boolean NOT NULL,
	"created_at" bigint NOT NULL,
	"error" text,
	CONSTRAINT "outbox_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "streams" (
	"incident" text NOT NULL,
	"stream" text NOT NULL,
	"position" integer NOT NULL,
	"head" text NOT NULL,
	CONSTRAINT "streams_incident_stream_pk" PRIMARY KEY("incident","stream")
);
--> statement-breakpoint
CREATE TABLE "talk" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"incident" text NOT NULL,
	"stream" text NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"message" text NOT NULL,
	"facts" text NOT NULL,
	"texts" text,
	"salt" text,
	"digest" text NOT NULL,
	"prev" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "due_next" ON "due" USING btree ("try_at");--> statement-breakpoint
CREATE INDEX "due_oldest" ON "due" USING btree ("at");--> statement-breakpoint
CREATE INDEX "incidents_by_activity" ON "incidents" USING btree ("activity");--> statement-breakpoint
CREATE INDEX "incidents_open" ON "incidents" USING btree ("activity") WHERE not over;--> statement-breakpoint
CREATE INDEX "outbox_next" ON "outbox" USING btree ("rank","ready","id") WHERE head;--> statement-breakpoint
CREATE INDEX "outbox_moment" ON "outbox" USING btree ("ready") WHERE head;--> statement-breakpoint
CREATE INDEX "outbox_lane" ON "outbox" USING btree ("lane","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "outbox_merge" ON "outbox" USING btree ("merge_key") WHERE state = 'waiting' and merge_key is not null;--> statement-breakpoint
CREATE INDEX "outbox_failed" ON "outbox" USING btree ("id") WHERE state = 'failed';--> statement-breakpoint
CREATE UNIQUE INDEX "talk_position" ON "talk" USING btree ("incident","stream","position");--> statement-breakpoint
CREATE UNIQUE INDEX "talk_said_once" ON "talk" USING btree ("incident","stream","message") WHERE kind = 'said';