CREATE TABLE "rooms" (
	"place" text NOT NULL,
	"incident" text NOT NULL,
	CONSTRAINT "rooms_place_incident_pk" PRIMARY KEY("place","incident")
);
--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "rooms" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "rooms_of_incident" ON "rooms" USING btree ("incident");--> statement-breakpoint
CREATE INDEX "inbound_oldest" ON "inbound" USING btree ("at");--> statement-breakpoint
INSERT INTO "rooms" ("place", "incident")
SELECT '[' || (p -> 'platform')::text || ',' || (p -> 'workspace')::text || ',' || (p -> 'conversation')::text || ']', i."id"
FROM "incidents" i, json_array_elements(i."state"::json -> 'places') p
WHERE i."state"::json ->> 'status' <> 'closed'
ON CONFLICT DO NOTHING;
