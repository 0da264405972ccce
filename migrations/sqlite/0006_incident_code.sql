ALTER TABLE `incidents` ADD `code` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `incidents_by_code` ON `incidents` (`code`);--> statement-breakpoint
UPDATE `incidents` SET `code` = coalesce(`state` ->> '$.code', '');
