CREATE TABLE `rooms` (
	`place` text NOT NULL,
	`incident` text NOT NULL,
	PRIMARY KEY(`place`, `incident`)
);
--> statement-breakpoint
CREATE INDEX `rooms_of_incident` ON `rooms` (`incident`);--> statement-breakpoint
ALTER TABLE `incidents` ADD `rooms` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `inbound_oldest` ON `inbound` (`at`);--> statement-breakpoint
INSERT OR IGNORE INTO `rooms` (`place`, `incident`)
SELECT json_array(p.value ->> '$.platform', p.value ->> '$.workspace', p.value ->> '$.conversation'), i.`id`
FROM `incidents` i, json_each(i.`state`, '$.places') p
WHERE i.`state` ->> '$.status' <> 'closed';
