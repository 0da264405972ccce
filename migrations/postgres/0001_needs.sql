-- The number of migrations a program must know to use this database; a breaking migration raises it.
INSERT INTO "meta" ("key", "value") VALUES ('needs', '1');
