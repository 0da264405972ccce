CREATE TABLE `excerpts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`incident` text NOT NULL,
	`source` text NOT NULL,
	`words` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `excerpts_source` ON `excerpts` (`incident`,`source`);--> statement-breakpoint
CREATE TABLE `learnt` (
	`entry` text NOT NULL,
	`version` integer NOT NULL,
	`incident` text NOT NULL,
	`owner` text NOT NULL,
	`approved_by` text NOT NULL,
	`at` integer NOT NULL,
	`text` text NOT NULL,
	PRIMARY KEY(`entry`, `version`, `incident`)
);
