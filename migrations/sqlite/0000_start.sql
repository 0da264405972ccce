CREATE TABLE `due` (
	`incident` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`try_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `due_next` ON `due` (`try_at`);--> statement-breakpoint
CREATE INDEX `due_oldest` ON `due` (`at`);--> statement-breakpoint
CREATE TABLE `events` (
	`incident` text NOT NULL,
	`position` integer NOT NULL,
	`facts` text NOT NULL,
	`texts` text,
	`salt` text,
	`digest` text NOT NULL,
	`prev` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`incident`, `position`)
);
--> statement-breakpoint
CREATE TABLE `inbound` (
	`key` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`head` text NOT NULL,
	`state` text NOT NULL,
	`over` integer NOT NULL,
	`activity` integer NOT NULL,
	`redacted` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `incidents_by_activity` ON `incidents` (`activity`);--> statement-breakpoint
CREATE INDEX `incidents_open` ON `incidents` (`activity`) WHERE over = 0;--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `notes` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `numbers` (
	`day` text PRIMARY KEY NOT NULL,
	`last` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`incident` text NOT NULL,
	`lane` text NOT NULL,
	`rank` integer NOT NULL,
	`merge_key` text,
	`key` text NOT NULL,
	`not_before` integer NOT NULL,
	`payload` text NOT NULL,
	`state` text NOT NULL,
	`head` integer NOT NULL,
	`ready` integer NOT NULL,
	`leased` integer NOT NULL,
	`attempts` integer NOT NULL,
	`possible_duplicate` integer NOT NULL,
	`created_at` integer NOT NULL,
	`error` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_key_unique` ON `outbox` (`key`);--> statement-breakpoint
CREATE INDEX `outbox_next` ON `outbox` (`rank`,`ready`,`id`) WHERE head = 1;--> statement-breakpoint
CREATE INDEX `outbox_moment` ON `outbox` (`ready`) WHERE head = 1;--> statement-breakpoint
CREATE INDEX `outbox_lane` ON `outbox` (`lane`,`id`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `outbox_merge` ON `outbox` (`merge_key`) WHERE state = 'waiting' and merge_key is not null;--> statement-breakpoint
CREATE INDEX `outbox_failed` ON `outbox` (`id`) WHERE state = 'failed';--> statement-breakpoint
CREATE TABLE `streams` (
	`incident` text NOT NULL,
	`stream` text NOT NULL,
	`position` integer NOT NULL,
	`head` text NOT NULL,
	PRIMARY KEY(`incident`, `stream`)
);
--> statement-breakpoint
CREATE TABLE `talk` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`incident` text NOT NULL,
	`stream` text NOT NULL,
	`position` integer NOT NULL,
	`kind` text NOT NULL,
	`message` text NOT NULL,
	`facts` text NOT NULL,
	`texts` text,
	`salt` text,
	`digest` text NOT NULL,
	`prev` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `talk_position` ON `talk` (`incident`,`stream`,`position`);--> statement-breakpoint
CREATE UNIQUE INDEX `talk_said_once` ON `talk` (`incident`,`stream`,`message`) WHERE kind = 'said';