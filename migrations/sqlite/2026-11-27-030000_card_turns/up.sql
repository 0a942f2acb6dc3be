-- Whoever writes what a card or its key means holds the row of that card until the commit: two who come at once take turns.
CREATE TABLE card_turns (
  slot INTEGER PRIMARY KEY NOT NULL,
  turns BIGINT NOT NULL
);
WITH RECURSIVE slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 255)
INSERT INTO card_turns (slot, turns) SELECT slot, 0 FROM slots;
