CREATE TABLE "excerpt_words" (
	"word" text PRIMARY KEY NOT NULL,
	"held" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "excerpts" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"incident" text NOT NULL,
	"source" text NOT NULL,
	"words" "tsvector" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "learnt" (
	"entry" text NOT NULL,
	"version" integer NOT NULL,
	"incident" text NOT NULL,
	"owner" text NOT NULL,
	"approved_by" text NOT NULL,
	"at" bigint NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "learnt_entry_version_incident_pk" PRIMARY KEY("entry","version","incident")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "excerpts_source" ON "excerpts" USING btree ("incident","source");--> statement-breakpoint
CREATE INDEX "excerpts_words" ON "excerpts" USING gin ("words");