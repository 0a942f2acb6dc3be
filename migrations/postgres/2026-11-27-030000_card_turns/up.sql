-- Whoever writes what a card or its key means holds the row of that card until the commit: two who come at once take turns.
CREATE TABLE card_turns (
  slot INTEGER PRIMARY KEY NOT NULL,
  turns BIGINT NOT NULL
);
INSERT INTO card_turns (slot, turns) SELECT slot, 0 FROM generate_series(0, 255) AS slot;
