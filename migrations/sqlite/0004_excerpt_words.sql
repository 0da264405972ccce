-- The index finds which excerpts hold a word and how many do; the words themselves lie in `excerpts`.
CREATE VIRTUAL TABLE `excerpt_words` USING fts5(`words`, content='excerpts', content_rowid='id', detail=none, tokenize='ascii');
--> statement-breakpoint
CREATE VIRTUAL TABLE `excerpt_vocabulary` USING fts5vocab('excerpt_words', 'row');
--> statement-breakpoint
CREATE TRIGGER `excerpts_added` AFTER INSERT ON `excerpts` BEGIN
	INSERT INTO `excerpt_words` (`rowid`, `words`) VALUES (new.`id`, new.`words`);
END;
--> statement-breakpoint
CREATE TRIGGER `excerpts_removed` AFTER DELETE ON `excerpts` BEGIN
	INSERT INTO `excerpt_words` (`excerpt_words`, `rowid`, `words`) VALUES ('delete', old.`id`, old.`words`);
END;
--> statement-breakpoint
CREATE TRIGGER `excerpts_changed` AFTER UPDATE ON `excerpts` BEGIN
	INSERT INTO `excerpt_words` (`excerpt_words`, `rowid`, `words`) VALUES ('delete', old.`id`, old.`words`);
	INSERT INTO `excerpt_words` (`rowid`, `words`) VALUES (new.`id`, new.`words`);
END;
